-- How sure: Where the price of the newest of the days chosen lies by the model's own ranges.
SELECT
  CASE
    WHEN lower_80 IS NULL THEN 'This preset gives no range'
    WHEN price BETWEEN lower_80 AND upper_80 THEN 'Inside the 80 % range: the model''s usual error'
    WHEN price BETWEEN lower_95 AND upper_95 THEN 'Outside the 80 % range, inside the 95 % one: unusual'
    ELSE 'Outside even the 95 % range: the model rarely errs so much'
  END
FROM model_results_latest
WHERE date = (SELECT max(date) FROM model_results_latest)
