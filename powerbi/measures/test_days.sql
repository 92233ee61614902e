-- Test days: Days among those chosen that the model never saw in training and that have a price before them: what the scores are taken over.
WITH days AS (
  SELECT split, lag(price) OVER (ORDER BY date) AS previous_price
  FROM model_results_latest
)
SELECT NULLIF(count(*), 0) FROM days WHERE split = 'test' AND previous_price IS NOT NULL
