//! The sentences, word for word.

use super::*;
use crate::example::{UNIT, row, skill as example_skill, snapshot};

#[test]
fn the_gap_is_said_with_its_side_and_size() {
    assert_eq!(standing(&row(23, 245.0, 240.0)), "overvalued by 2.08%");
    assert_eq!(standing(&row(23, 235.0, 240.0)), "undervalued by 2.08%");
    assert_eq!(standing(&row(23, 240.1, 240.0)), "fairly valued");
    assert_eq!(Standing::of(0.05), Standing::Over);
    assert_eq!(Standing::of(-0.05), Standing::Under);
}

#[test]
fn sureness_names_the_interval_that_still_holds() {
    let said = |price: f64| sureness(&row(23, price, 240.0));
    assert!(said(242.0).starts_with("The price lies inside the 80% interval"));
    assert!(said(243.0).starts_with("The price lies above the 80% interval but inside"));
    assert!(said(235.9).starts_with("The price lies below even the 95% interval"));
    let mut silent = row(23, 240.0, 240.0);
    silent.interval_80 = None;
    assert!(sureness(&silent).starts_with("This preset gives no interval"));
}

#[test]
fn skill_is_never_claimed_where_the_test_finds_none() {
    let none = example_skill(Verdict::NoSkill, 0.02, 0.41);
    assert_eq!(
        skill(&none, 300),
        "The rule to beat says that gold costs what it cost the day before. Over 300 test days the model's \
         squared error was 2% smaller. Luck alone explains that (p\u{a0}=\u{a0}0.41, Diebold–Mariano t\u{a0}=\u{a0}0.83). Read the gap as noise."
    );
    let worse = example_skill(Verdict::Worse, -0.4, 0.000_1);
    assert!(
        skill(&worse, 300).contains("was 40% larger. That is no accident (p\u{a0}<\u{a0}0.001")
    );
    assert_eq!(caveat(&example_skill(Verdict::Skill, 0.3, 0.001)), None);
    assert!(caveat(&none).is_some() && caveat(&worse).is_some());
}

#[test]
fn coverage_sets_the_promise_beside_what_was_kept() {
    let measured = [(0.8, 0.78), (0.95, 0.94)].map(|(nominal, measured)| Coverage {
        nominal,
        measured,
        rows: 300,
    });
    assert_eq!(
        coverage(&measured).as_deref(),
        Some(
            "Of 300 test days, the 80% interval held the price on 78% of them and the 95% interval held the price on 94% of them."
        )
    );
    assert_eq!(coverage(&[]), None);
}

#[test]
fn the_chart_is_told_in_one_paragraph() {
    assert_eq!(
        chart_summary(&snapshot().history, UNIT),
        "From 19 Sep 2024 to 23 Sep 2024 the price went from $238.00 to $245.00 (+2.94%). It stood above the \
         model's value on 2 of 3 days. The widest gap was +2.08% on 23 Sep 2024; the newest is +2.08%."
    );
    assert_eq!(chart_summary(&[], UNIT), "There are no days to show.");
    assert_eq!(
        day(&row(19, 238.0, 240.0), UNIT),
        "Thu 19 Sep 2024: price $238.00, model's value $240.00, gap −0.83%"
    );
}

#[test]
fn contributions_carry_their_unit_and_add_up() {
    assert_eq!(contribution(-0.2, "% of the price"), "−0.200%");
    assert_eq!(contribution(4.4, UNIT), "+$4.40");
    assert_eq!(contribution(0.2, "CHF"), "+0.200");
    assert_eq!(
        contribution_sum(&snapshot()),
        "Contributions to the model's output for the newest day, in % of the price of the day before (TreeSHAP). \
         The model starts from its average of +0.030%; the drivers take it to +0.330%."
    );
}
