-- Which runs were there, and were they better than yesterday's price?
SELECT as_of, run_id, preset, first_date, last_date, rows, rmse, no_change_rmse, skill, skill > 0 AS better_than_no_change
FROM model_runs
ORDER BY as_of DESC, preset, run_id
