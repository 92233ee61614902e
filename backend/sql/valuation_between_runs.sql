-- How did the valuation of one day change from run to run? (the last 30 days, by preset)
SELECT
  m.preset,
  r.date,
  count(*) AS runs,
  min_by(r.valuation, r.as_of) AS first_valuation,
  max_by(r.valuation, r.as_of) AS last_valuation,
  max_by(r.valuation, r.as_of) - min_by(r.valuation, r.as_of) AS change,
  max(r.valuation) - min(r.valuation) AS spread
FROM model_results r
JOIN model_runs m ON m.run_id = r.run_id
WHERE r.date > (SELECT date_add('day', -30, max(date)) FROM model_results_latest)
GROUP BY m.preset, r.date
HAVING count(*) > 1
ORDER BY m.preset, r.date DESC
