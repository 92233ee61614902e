-- MAE of the model: Mean absolute error of the valuation over the test days chosen, in the unit of the price.
WITH days AS (
  SELECT split, price, valuation, lag(price) OVER (ORDER BY date) AS previous_price
  FROM model_results_latest
)
SELECT avg(abs(price - valuation)) FROM days WHERE split = 'test' AND previous_price IS NOT NULL
