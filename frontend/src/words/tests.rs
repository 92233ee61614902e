//! The sentences, word for word.

use shared::card::Score;
use shared::evaluation::{GapBand, GapLimits};
use shared::headline::{caveat, standing};
use shared::lately::lately;
use shared::run::SeriesState;
use shared::walk::GapReading;
use shared::waterfall::Waterfall;

use super::*;
use crate::example::{UNIT, row, series, skill as example_skill, snapshot};

#[test]
fn the_gap_is_said_with_its_side_and_size() {
    assert_eq!(standing(&row(23, 245.0, 240.0)), "overvalued by 2.08%");
    assert_eq!(standing(&row(23, 235.0, 240.0)), "undervalued by 2.08%");
    assert_eq!(standing(&row(23, 240.1, 240.0)), "fairly valued");
    assert_eq!(Standing::of(0.05), Standing::Over);
    assert_eq!(Standing::of(-0.05), Standing::Under);
}

#[test]
fn since_when_and_what_moved_it_is_said_in_a_line() {
    let mut day = snapshot();
    day.history = [(19, 239.0), (20, 241.0), (23, 242.0)]
        .map(|(day, price)| row(day, price, 240.0))
        .to_vec();
    day.latest = day.history[2].clone();
    let said = lately(&day).unwrap();
    let since = "Above the model's value since 20 Sep 2024, for 2 days in a row. Moved most by: ";
    assert!(said.starts_with(since), "{said}");
    assert!(said.contains("Silver and other metals ("), "{said}");
    day.latest = row(23, 239.0, 240.0);
    day.history[2] = day.latest.clone();
    assert!(
        lately(&day)
            .unwrap()
            .starts_with("Below the model's value since 23 Sep 2024, for the first day.")
    );
    day.latest.method = Method::NoChange;
    assert_eq!(lately(&day), None);
}

#[test]
fn a_day_that_the_model_did_not_value_ends_the_count_and_a_fair_one_has_none() {
    let mut day = snapshot();
    day.history = [(19, 241.0), (20, 242.0), (23, 242.0)]
        .map(|(day, price)| row(day, price, 240.0))
        .to_vec();
    day.history[1].method = Method::NoChange;
    day.latest = day.history[2].clone();
    let first = "Above the model's value since 23 Sep 2024, for the first day. Moved most by: ";
    assert!(lately(&day).unwrap().starts_with(first));
    day.latest = row(23, 239.9, 240.0);
    day.history[2] = day.latest.clone();
    assert!(lately(&day).unwrap().starts_with("Moved most by: "));
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
fn contributions_carry_their_unit() {
    assert_eq!(contribution(-0.2, "% of the price"), "−0.200%");
    assert_eq!(contribution(4.4, UNIT), "+$4.40");
    assert_eq!(contribution(0.2, "CHF"), "+0.200");
}

#[test]
fn a_special_day_says_what_is_special() {
    let mut late = row(19, 238.0, 240.0);
    assert_eq!(remark(&late), None);
    late.information = Information::Provisional;
    assert!(day(&late, UNIT).ends_with("gap −0.83%, provisional"));
    late.method = Method::NoChange;
    assert_eq!(remark(&late), Some("gate closed"));
}

#[test]
fn a_provisional_value_names_what_it_waits_for() {
    let mut run = snapshot();
    assert!(
        information_in_full(&run)
            .starts_with("Every series that the model uses was out for 23 Sep 2024")
    );
    run.latest.information = Information::Provisional;
    assert!(information_in_full(&run).contains("yields and the VIX were not out yet"));
    let late = |title: &str| {
        let mut one = series("late", title, SeriesState::Fresh);
        one.last_date = Some(row(20, 1.0, 1.0).date);
        one
    };
    run.series.push(late("VIX"));
    assert!(
        information_in_full(&run)
            .contains("of 23 Sep 2024, VIX was not out yet: what was last known stands in.")
    );
    run.series.push(late("10-year yield"));
    assert!(information_in_full(&run).contains("VIX and 10-year yield were not out yet"));
}

#[test]
fn the_headline_gap_says_its_band_and_what_that_means() {
    let mut reading = GapReading {
        value: 240.0,
        gap_pct: 2.0627,
        band: Some(GapBand::Rich),
        residual_pct: 0.1,
        residual_20_pct: None,
        limits: None,
    };
    assert_eq!(
        gap(&reading, UNIT),
        "The price is 2.06% above $240.00, the value that the drivers speak for if yesterday's price is left out. \
         That is rich: fewer than one in ten gaps of the last three years were higher."
    );
    reading.limits = Some(GapLimits {
        very_cheap: -0.03,
        cheap: -0.0125,
        rich: 0.0131,
        very_rich: 0.03,
    });
    assert!(gap(&reading, UNIT).ends_with("were higher. Usual is −1.25% to +1.31%."));
    reading.limits = None;
    for (band, word) in [
        (GapBand::VeryCheap, "That is very cheap"),
        (GapBand::Cheap, "That is cheap"),
        (GapBand::Usual, "That is usual"),
        (GapBand::VeryRich, "That is very rich"),
    ] {
        reading.band = Some(band);
        reading.gap_pct = -1.0;
        let said = gap(&reading, UNIT);
        assert!(
            said.contains("1.00% below") && said.contains(word),
            "{said}"
        );
        assert!(word.ends_with(super::band(band)));
    }
    reading.band = None;
    assert!(gap(&reading, UNIT).ends_with("too few earlier gaps to say whether that is usual."));
}

#[test]
fn drivers_lead_from_yesterdays_price_to_the_value() {
    let run = snapshot();
    let said = drivers(&run, &Waterfall::of(&run));
    // 240 · exp(−0.33 %) = 239.21.
    assert_eq!(
        said,
        "The drivers take the value from $239.21, the price of the day before, to $240.00: +0.330%. \
         Raised most by Silver and other metals (+0.500%), lowered most by Opportunity cost: currency (−0.200%)."
    );
    let mut closed = snapshot();
    closed.latest.method = Method::NoChange;
    for one in &mut closed.contributions {
        one.contribution = 0.0;
    }
    assert_eq!(
        drivers(&closed, &Waterfall::of(&closed)),
        "No driver moves the value of this day: the gate is closed."
    );
}

#[test]
fn two_presets_compare_by_their_errors_next_to_yesterdays_price() {
    let score = |rule: &str, rmse_pct: f64| Score {
        rule: rule.to_owned(),
        label: String::new(),
        rmse: 1.0,
        mae: 1.0,
        rmse_pct,
        rows: 300,
    };
    let mut fair = snapshot();
    fair.scores = vec![score("valuation", 0.63), score("no_change", 0.97)];
    let mut classic = snapshot();
    classic.preset_title = "The original model".to_owned();
    classic.look_ahead = Some("by design".to_owned());
    classic.latest.method = Method::Ema;
    classic.scores = vec![score("valuation", 2.7), score("no_change", 0.9)];
    let (summary, table) = beside(&fair, &classic);
    assert_eq!(
        summary,
        "Next to yesterday's price, each on its own test days: Fair value errs 0.65 times as much, The original model errs \
         3.00 times as much. Below 1 is better."
    );
    let row = |head: &str| -> Vec<String> {
        let mut rows = table.rows.iter();
        let row = rows.find(|row| row[0].text == head).unwrap();
        row[1..].iter().map(|cell| cell.text.clone()).collect()
    };
    assert_eq!(row("Looks ahead"), ["No", "Yes, by design"]);
    assert_eq!(row("Value")[1], "Exponential mean: $240.00");
    assert_eq!(table.head, ["Preset", "Fair value", "The original model"]);
    classic.scores.clear();
    assert_eq!(
        beside(&fair, &classic).0,
        "One of them has no scores to compare."
    );
}
