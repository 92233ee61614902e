-- Held by the 80 % range: How often the range that promises 80 % held the price, over the test days chosen that have one.
SELECT avg(CASE WHEN price BETWEEN lower_80 AND upper_80 THEN 1e0 ELSE 0e0 END)
FROM model_results_latest
WHERE split = 'test' AND lower_80 IS NOT NULL
