-- Verdict colour: Red above the valuation, green below it, grey at it. The words say the same without colour.
SELECT
  CASE
    WHEN abs(max_by(gap_pct, date)) < 5e-2 THEN '#C3D0D2'
    WHEN max_by(gap_pct, date) > 0 THEN '#FF9B90'
    WHEN max_by(gap_pct, date) < 0 THEN '#86D99B'
  END
FROM model_results_latest
