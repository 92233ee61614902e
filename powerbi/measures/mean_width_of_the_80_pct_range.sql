-- Mean width of the 80 % range: Mean width of the 80 % range as a percentage of the valuation, over the test days chosen. A wide range holds the price without knowing much.
SELECT avg(100 * (upper_80 - lower_80) / valuation)
FROM model_results_latest
WHERE split = 'test' AND lower_80 IS NOT NULL
