-- Days overvalued: Share of the days chosen on which the price was above the valuation.
SELECT avg(CASE WHEN gap > 0 THEN 1e0 ELSE 0e0 END) FROM model_results_latest
