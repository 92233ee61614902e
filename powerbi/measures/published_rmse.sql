-- Published RMSE: The valuation's root mean squared error over all test days, as the run published it.
SELECT max(rmse) FROM model_runs_latest
