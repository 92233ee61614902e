-- How often did the intervals hold the price, year by year? (test days only)
SELECT
  year(date) AS year,
  count(*) AS days,
  avg(CASE WHEN price BETWEEN lower_80 AND upper_80 THEN 1e0 ELSE 0e0 END) AS held_80,
  avg(CASE WHEN price BETWEEN lower_95 AND upper_95 THEN 1e0 ELSE 0e0 END) AS held_95,
  avg(100 * (upper_80 - lower_80) / valuation) AS mean_width_80_pct
FROM model_results_latest
WHERE split = 'test' AND lower_80 IS NOT NULL
GROUP BY year(date)
ORDER BY year(date)
