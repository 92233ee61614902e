-- Difference %: The difference as a percentage of the valuation, on the newest of the days chosen.
SELECT max_by(gap_pct, date) FROM model_results_latest
