-- RMSE of no change: The same error for the rule to beat: today's price is that of the day before.
WITH days AS (
  SELECT split, price, lag(price) OVER (ORDER BY date) AS previous_price
  FROM model_results_latest
)
SELECT sqrt(avg(power(price - previous_price, 2))) FROM days WHERE split = 'test' AND previous_price IS NOT NULL
