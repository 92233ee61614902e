//! Sums by group must be the sums of their drivers, and all of them the move.

use chrono::NaiveDate;

use super::*;

fn contributions() -> Vec<Contribution> {
    let date = NaiveDate::from_ymd_opt(2024, 9, 23).unwrap();
    let parts = [
        ("silver", 0.5),
        ("dollar", -0.2),
        ("copper", 0.1),
        ("unheard_of", -0.05),
        (BASE, 0.03),
    ];
    parts
        .map(|(feature, contribution)| Contribution {
            date,
            feature: feature.to_owned(),
            contribution,
        })
        .to_vec()
}

fn features() -> Vec<FeatureCard> {
    let cards = [
        ("silver", "Silver (SLV)", "metals"),
        ("dollar", "Dollar index", "currency"),
        ("copper", "Copper", "metals"),
    ];
    cards
        .map(|(name, label, group)| FeatureCard {
            name: name.to_owned(),
            label: label.to_owned(),
            group: group.to_owned(),
        })
        .to_vec()
}

/// The steps to a move.
fn of_move(contributions: &[Contribution]) -> Waterfall {
    Waterfall::new(contributions, &features(), true)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

#[test]
fn groups_stand_in_their_order_and_add_up_to_the_move() {
    let waterfall = of_move(&contributions());
    let titles: Vec<&str> = waterfall.groups.iter().map(|group| group.title).collect();
    assert_eq!(
        titles,
        [
            "Opportunity cost: currency",
            "Silver and other metals",
            "Other",
            "Average day"
        ]
    );
    for group in &waterfall.groups {
        let sum: f64 = group.drivers.iter().map(|(_, step)| step.size()).sum();
        assert!(group.drivers.is_empty() || close(sum, group.step.size()));
    }
    let metals = &waterfall.groups[1];
    assert_eq!(metals.drivers[0].0, "Silver (SLV)");
    assert!(close(metals.step.size(), 0.6));
    assert!(close(waterfall.whole.from, 0.0) && close(waterfall.whole.to, 0.38));
}

#[test]
fn each_step_starts_where_the_one_before_ended() {
    let waterfall = of_move(&contributions());
    let mut height = waterfall.whole.from;
    for group in &waterfall.groups {
        assert!(close(group.step.from, height));
        for (_, step) in &group.drivers {
            assert!(close(step.from, height));
            height = step.to;
        }
        height = group.step.to;
    }
    assert!(close(height, waterfall.whole.to));
}

#[test]
fn the_scale_holds_every_step() {
    let waterfall = of_move(&contributions());
    let steps = waterfall.groups.iter().flat_map(|group| {
        let drivers = group.drivers.iter().map(|(_, step)| *step);
        drivers.chain([group.step])
    });
    for step in steps.chain([waterfall.whole]) {
        let (left, width) = waterfall.place(step);
        assert!(left >= 0.0 && left + width <= 100.0 + 1e-9, "{step:?}");
    }
    // From −0.2 to +0.4: the currency's step is the third below zero.
    let (left, width) = waterfall.place(waterfall.groups[0].step);
    assert!(close(left, 0.0) && (width - 100.0 / 3.0).abs() < 1e-9);
}

#[test]
fn a_level_starts_from_the_models_average() {
    let mut level = contributions();
    level[4].contribution = 200.0;
    let waterfall = Waterfall::new(&level, &features(), false);
    assert!(close(waterfall.whole.from, 200.0) && close(waterfall.whole.to, 200.35));
    assert_eq!(waterfall.groups.last().unwrap().title, "Other");
}

#[test]
fn extremes_name_who_raises_and_who_lowers() {
    let waterfall = of_move(&contributions());
    let [raises, lowers] = waterfall.extremes().map(|group| group.unwrap().title);
    assert_eq!(
        (raises, lowers),
        ("Silver and other metals", "Opportunity cost: currency")
    );
    let mut still = contributions();
    for one in &mut still {
        one.contribution = 0.0;
    }
    let flat = of_move(&still);
    assert!(flat.is_flat() && flat.extremes() == [None, None]);
    assert!(flat.place(flat.whole).1.abs() < 1e-12);
}
