-- Upper 80 %: Upper end of the range that should hold the price four days in five, on the newest of the days chosen.
SELECT max_by(upper_80, date) FROM model_results_latest
