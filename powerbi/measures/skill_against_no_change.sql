-- Skill against no change: 1 less the model's squared log error over that of no change, over the test days chosen. 1 is perfect, 0 is no better than the price of the day before, below 0 worse.
WITH days AS (
  SELECT split, price, valuation, lag(price) OVER (ORDER BY date) AS previous_price
  FROM model_results_latest
)
SELECT 1 - sum(power(ln(price / valuation), 2)) / NULLIF(sum(power(ln(price / previous_price), 2)), 0)
FROM days
WHERE split = 'test' AND previous_price IS NOT NULL
