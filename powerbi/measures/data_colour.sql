-- Data colour: Amber unless the vendors' data was used.
SELECT CASE WHEN count_if(NOT synthetic) > 0 THEN '#C3D0D2' ELSE '#FFC857' END FROM model_runs_latest
