-- Score: A rule's root mean squared error over all test days as the run published it; of several rules, the lowest.
-- One row for each rule.
SELECT rule, rmse
FROM (
  SELECT 'valuation' AS rule, CAST(json_extract_scalar(scores, '$.valuation') AS double) AS rmse FROM model_runs_latest
  UNION ALL
  SELECT 'model_raw', CAST(json_extract_scalar(scores, '$.model_raw') AS double) FROM model_runs_latest
  UNION ALL
  SELECT 'no_change', CAST(json_extract_scalar(baselines, '$.no_change') AS double) FROM model_runs_latest
  UNION ALL
  SELECT 'ema_previous', CAST(json_extract_scalar(baselines, '$.ema_previous') AS double) FROM model_runs_latest
  UNION ALL
  SELECT 'ema_same_day', CAST(json_extract_scalar(baselines, '$.ema_same_day') AS double) FROM model_runs_latest
) AS rules
WHERE rmse IS NOT NULL
