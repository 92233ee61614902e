//! The search: what it leaves out changes neither winner nor scores.

use super::*;

fn winner(dataset: &Dataset, plan: &TrainPlan, score_all: bool) -> Winner {
    let inputs = Inputs::new(dataset, plan.test_rows, plan.folds, false).unwrap();
    let effort = Effort {
        threads: 2,
        score_all,
        reporter: &Reporter::silent(),
    };
    find(&inputs, plan, &plan.grids["small"], &effort).unwrap()
}

#[test]
fn cutting_never_changes_the_winner_nor_its_scores() {
    let (mut cut, mut candidates) = (0, 0);
    for seed in 0..12 {
        let dataset = dataset(240, seed);
        let plan = plan(&SEARCHES);
        let (quick, full) = (
            winner(&dataset, &plan, false),
            winner(&dataset, &plan, true),
        );
        assert_eq!(quick.parameters, full.parameters, "seed {seed}");
        assert_eq!(quick.folds, full.folds, "seed {seed}");
        for (quick, full) in quick.searches.iter().zip(&full.searches) {
            assert_eq!(quick.best[0], full.best[0], "seed {seed}");
            assert!(
                full.best
                    .iter()
                    .all(|candidate| candidate.mean_rmse.is_some())
            );
            assert_eq!(full.cut, 0);
            // What was scored is scored the same.
            for candidate in &quick.best {
                let same = full
                    .best
                    .iter()
                    .find(|other| other.parameters == candidate.parameters)
                    .unwrap();
                for (quick, full) in candidate.fold_rmse.iter().zip(&same.fold_rmse) {
                    assert!(quick.is_none() || quick == full);
                }
            }
            cut += quick.cut;
            candidates += quick.candidates;
        }
    }
    assert_eq!(candidates, 12 * (18 + 12));
    assert!(cut * 4 > candidates, "only {cut} of {candidates} were cut");
}

/// A costly group that errs more than a cheap one is not scored on all folds.
#[test]
fn costly_candidates_are_decided_after_cheap_ones_and_on_few_folds() {
    let searches: [Axes<'static>; 1] = [&[
        ("max_depth", &[9.0, 2.0]),
        ("learning_rate", &[0.2, 1.0]),
        ("n_estimators", &[30.0, 60.0]),
    ]];
    let plan = TrainPlan {
        folds: 8,
        ..plan(&searches)
    };
    let mut left = 0;
    for seed in 0..4 {
        let dataset = dataset(400, seed);
        let (quick, full) = (
            winner(&dataset, &plan, false),
            winner(&dataset, &plan, true),
        );
        assert_eq!(quick.parameters, full.parameters, "seed {seed}");
        let search = &quick.searches[0];
        assert_eq!(search.best[0], full.searches[0].best[0]);
        let of_depth = |deep: bool| {
            let candidates = search.best.iter();
            candidates.filter(move |candidate| (candidate.parameters["max_depth"] > 5.0) == deep)
        };
        left += of_depth(true)
            .filter(|candidate| candidate.mean_rmse.is_none())
            .count();
        assert!(of_depth(false).any(|candidate| candidate.mean_rmse.is_some()));
    }
    assert!(left > 0, "every costly candidate was scored on every fold");
}

#[test]
fn members_scored_by_one_training_have_the_scores_of_their_own_trainings() {
    let dataset = dataset(240, 3);
    let inputs = Inputs::new(&dataset, 40, 4, false).unwrap();
    let drawing = plan(&[&[
        ("gamma", &[0.0, 0.2, 3.0]),
        ("n_estimators", &[30.0, 1.0, 8.0]),
        ("subsample", &[0.6]),
    ]]);
    // Without drawing, a training ends early once it has settled.
    let settling = plan(&[&[
        ("gamma", &[0.0, 1e-5, 3.0]),
        ("n_estimators", &[2000.0, 1.0, 600.0]),
        ("learning_rate", &[0.5]),
    ]]);
    let never = || false;
    let mut trainer = FoldTrainer::new(&inputs, 7, &never);
    for axes in [drawing, settling] {
        let candidates = candidates(&axes.grids["small"].searches[0], &Parameters::new());
        let group = &groups(&candidates)[0];
        assert_eq!(group.members.len(), 9);
        for fold in 0..4 {
            let together = trainer.score(&group.shared, &group.members, fold).unwrap();
            for (member, score) in group.members.iter().zip(together) {
                let alone = trainer
                    .evaluate(&candidates[member.candidate], fold)
                    .unwrap();
                assert_eq!(
                    score.to_bits(),
                    alone.fold.validation_rmse.to_bits(),
                    "{member:?} on fold {fold}"
                );
            }
        }
    }
}
