-- Model value: What the model says gold is worth on the newest of the days chosen, in the unit of the price.
SELECT max_by(valuation, date) FROM model_results_latest
