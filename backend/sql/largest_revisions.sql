-- Which values were revised most after they were first published?
WITH revised AS (
  SELECT series, date, min(available_at) AS first_at, max(available_at) AS last_at, count(*) AS vintages
  FROM observations_latest
  GROUP BY series, date
  HAVING min(available_at) < max(available_at)
)
SELECT
  r.series,
  r.date,
  r.vintages,
  f.value AS first_reported,
  l.value AS last_reported,
  100 * (l.value - f.value) / NULLIF(abs(f.value), 0) AS revision_pct,
  r.last_at AS last_revised_at
FROM revised r
JOIN observations_latest f ON f.series = r.series AND f.date = r.date AND f.available_at = r.first_at
JOIN observations_latest l ON l.series = r.series AND l.date = r.date AND l.available_at = r.last_at
ORDER BY abs(l.value - f.value) / NULLIF(abs(f.value), 0) DESC, r.series, r.date
LIMIT 20
