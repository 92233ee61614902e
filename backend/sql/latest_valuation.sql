-- What is gold worth today?
SELECT date, price, valuation, lower_80, upper_80, lower_95, upper_95, gap, gap_pct, method, as_of, run_id
FROM model_results_latest
ORDER BY date DESC
LIMIT 1
