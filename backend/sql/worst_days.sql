-- On which test days was the model furthest from the price?
SELECT date, price, valuation, gap, gap_pct, method, price < lower_95 OR price > upper_95 AS outside_95
FROM model_results_latest
WHERE split = 'test'
ORDER BY abs(gap_pct) DESC, date
LIMIT 20
