-- Market price: The market's price on the newest of the days chosen, in the unit of the preset's target.
SELECT max_by(price, date) FROM model_results_latest
