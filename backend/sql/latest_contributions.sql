-- What moved the latest valuation, upwards and downwards?
WITH latest AS (
  SELECT
    date,
    feature,
    contribution,
    CASE WHEN feature = 'base' THEN 'base' WHEN contribution < 0 THEN 'down' ELSE 'up' END AS direction
  FROM contributions_latest
  WHERE date = (SELECT max(date) FROM contributions_latest)
)
SELECT
  date,
  direction,
  feature,
  contribution,
  sum(contribution) OVER (PARTITION BY direction) AS direction_total
FROM latest
ORDER BY direction, abs(contribution) DESC, feature
