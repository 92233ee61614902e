-- Difference: Price less valuation on the newest of the days chosen. Above zero the market asks more than the model's value.
SELECT max_by(gap, date) FROM model_results_latest
