-- Data: Whether the numbers come from the vendors or from Assay's made-up market.
SELECT
  CASE
    WHEN count_if(synthetic) > 0 THEN 'SYNTHETIC DATA: a made-up market'
    WHEN count_if(NOT synthetic) > 0 THEN 'Vendors'' data'
    ELSE 'Origin of the data unknown'
  END
FROM model_runs_latest
