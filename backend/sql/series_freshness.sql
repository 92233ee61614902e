-- How fresh is each series?
SELECT
  series,
  max(date) AS last_date,
  max_by(value, date) AS last_value,
  max(available_at) AS known_since,
  date_diff('day', max(date), max(as_of)) AS days_old,
  count(DISTINCT date) AS dates
FROM observations_latest
GROUP BY series
ORDER BY date_diff('day', max(date), max(as_of)) DESC, series
