-- Is the model better than yesterday's price, year by year? (test days only)
WITH days AS (
  SELECT date, split, price, valuation, lag(price) OVER (ORDER BY date) AS previous_price
  FROM model_results_latest
)
SELECT
  year(date) AS year,
  count(*) AS days,
  sqrt(avg(power(price - valuation, 2))) AS model_rmse,
  sqrt(avg(power(price - previous_price, 2))) AS no_change_rmse,
  1 - sum(power(ln(price / valuation), 2)) / sum(power(ln(price / previous_price), 2)) AS skill
FROM days
WHERE split = 'test' AND previous_price IS NOT NULL
GROUP BY year(date)
ORDER BY year(date)
