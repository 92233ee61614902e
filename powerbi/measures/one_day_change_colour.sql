-- One-day change colour: Green up, red down, grey flat or not daily.
-- One row for each series.
SELECT series, CASE WHEN round(change, 2) > 0 THEN '#86D99B' WHEN round(change, 2) < 0 THEN '#FF9B90' ELSE '#C3D0D2' END
FROM (SELECT
  series,
  CASE WHEN date_diff('day', date_before, date) <= 5 THEN 100 * (value - value_before) / NULLIF(abs(value_before), 0) END
FROM (
  SELECT series, date, value,
    lag(date) OVER (PARTITION BY series ORDER BY date) AS date_before,
    lag(value) OVER (PARTITION BY series ORDER BY date) AS value_before,
    row_number() OVER (PARTITION BY series ORDER BY date DESC) AS place
  FROM (
    SELECT series, date, value,
      row_number() OVER (PARTITION BY series, date ORDER BY available_at DESC, vintage DESC) AS age
    FROM observations_latest
  ) AS known
  WHERE age = 1
) AS newest
WHERE place = 1) AS changes (series, change)
