-- Which features moved the valuation most over the test days?
SELECT
  c.feature,
  avg(abs(c.contribution)) AS mean_absolute_contribution,
  min(c.contribution) AS lowest,
  max(c.contribution) AS highest
FROM contributions_latest c
JOIN model_results_latest r ON r.date = c.date
WHERE r.split = 'test' AND c.feature <> 'base'
GROUP BY c.feature
ORDER BY avg(abs(c.contribution)) DESC, c.feature
