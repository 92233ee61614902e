-- Feature contribution: What a feature added to the model's output on the newest of the days chosen, in the output's unit: price, or percent of the day's move.
-- One row for each feature.
SELECT feature, sum(contribution)
FROM contributions_latest
WHERE date = (SELECT max(date) FROM contributions_latest)
GROUP BY feature
