-- Knowledge as of: The day whose knowledge the run used.
SELECT max(as_of) FROM model_runs_latest
