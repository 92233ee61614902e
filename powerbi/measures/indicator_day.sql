-- Indicator day: The newest reference date of the series chosen, among the days chosen.
-- One row for each series.
SELECT series, max(date) FROM observations_latest GROUP BY series
