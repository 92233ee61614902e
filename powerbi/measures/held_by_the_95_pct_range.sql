-- Held by the 95 % range: How often the range that promises 95 % held the price, over the test days chosen that have one.
SELECT avg(CASE WHEN price BETWEEN lower_95 AND upper_95 THEN 1e0 ELSE 0e0 END)
FROM model_results_latest
WHERE split = 'test' AND lower_95 IS NOT NULL
