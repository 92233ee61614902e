-- Valued day: The newest day that has a valuation, among the days chosen.
SELECT max(date) FROM model_results_latest
