-- Published skill: Skill against no change over all test days, as the run published it.
SELECT max(skill) FROM model_runs_latest
