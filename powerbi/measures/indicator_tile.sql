-- Indicator tile: Value and one-day change of the series chosen, on one line.
-- One row for each series.
SELECT v.series, CAST(CAST(v.value AS decimal(18, 2)) AS varchar) || '  ' || c.change
FROM (SELECT series, max_by(value, date)
FROM (
  SELECT series, date, value,
    row_number() OVER (PARTITION BY series, date ORDER BY available_at DESC, vintage DESC) AS age
  FROM observations_latest
) AS known
WHERE age = 1
GROUP BY series) AS v (series, value)
JOIN (SELECT
  series,
  CASE
    WHEN change IS NULL THEN 'not daily'
    WHEN change > 0 THEN '▲ +' || CAST(CAST(change AS decimal(18, 2)) AS varchar) || ' %'
    WHEN change < 0 THEN '▼ -' || CAST(CAST(abs(change) AS decimal(18, 2)) AS varchar) || ' %'
    ELSE '■ 0.00 %'
  END
FROM (SELECT series, round(change, 2) AS change FROM (SELECT
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
WHERE place = 1) AS changes (series, change)) AS rounded) AS c (series, change) ON c.series = v.series
