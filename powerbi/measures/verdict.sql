-- Verdict: Overvalued or undervalued on the newest of the days chosen; fairly valued where the difference is below 0.05 % of the valuation, as on the dashboard.
SELECT
  CASE
    WHEN abs(max_by(gap_pct, date)) < 5e-2 THEN 'Fairly valued'
    WHEN max_by(gap_pct, date) > 0 THEN 'Overvalued'
    WHEN max_by(gap_pct, date) < 0 THEN 'Undervalued'
  END
FROM model_results_latest
