-- Indicator value: The value for the newest of the days chosen, as last reported. Blank unless one series is chosen.
-- One row for each series.
SELECT series, max_by(value, date)
FROM (
  SELECT series, date, value,
    row_number() OVER (PARTITION BY series, date ORDER BY available_at DESC, vintage DESC) AS age
  FROM observations_latest
) AS known
WHERE age = 1
GROUP BY series
