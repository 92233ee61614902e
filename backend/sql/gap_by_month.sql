-- How large was the gap, month by month?
SELECT
  date_trunc('month', date) AS month,
  count(*) AS days,
  sum(CASE WHEN split = 'test' THEN 1 ELSE 0 END) AS test_days,
  avg(gap_pct) AS mean_gap_pct,
  min(gap_pct) AS lowest_gap_pct,
  max(gap_pct) AS highest_gap_pct,
  avg(CASE WHEN gap > 0 THEN 1e0 ELSE 0e0 END) AS share_above_valuation
FROM model_results_latest
GROUP BY date_trunc('month', date)
ORDER BY date_trunc('month', date)
