-- Which values were revised most after they were first published?
WITH vintages AS (
  SELECT
    series,
    date,
    count(*) AS vintages,
    min_by(value, available_at) AS first_reported,
    max_by(value, available_at) AS last_reported,
    max(available_at) AS last_revised_at
  FROM observations_latest
  GROUP BY series, date
  HAVING min(available_at) < max(available_at)
)
SELECT
  series,
  date,
  vintages,
  first_reported,
  last_reported,
  100 * (last_reported - first_reported) / NULLIF(abs(first_reported), 0) AS revision_pct,
  last_revised_at
FROM vintages
ORDER BY abs(last_reported - first_reported) / NULLIF(abs(first_reported), 0) DESC, series, date
LIMIT 20
