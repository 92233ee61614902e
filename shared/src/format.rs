//! Numbers, dates and durations as a person reads them: pure, so that each rule is tested on the host.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};

/// The sign of a negative number: as wide as the plus sign, so that columns line up.
const MINUS: char = '\u{2212}';
/// Stands where there is no value.
pub const NONE: &str = "–";

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A value with its unit: what belongs to the number, and what is said after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// `$1,234.50`, `4.25%` or `0.8731`.
    pub number: String,
    /// `per share of GLD`, `index points`, or nothing.
    pub unit: String,
}

/// A value in `unit`: dollars get their sign, percents theirs, every other unit stands behind the number.
pub fn amount(value: f64, unit: &str) -> Amount {
    if unit == "%" {
        return Amount {
            number: percent(value),
            unit: String::new(),
        };
    }
    let Some(rest) = in_dollars(unit) else {
        let decimals = if value.abs() < 10.0 { 4 } else { 2 };
        return Amount {
            number: grouped(value, decimals),
            unit: unit.to_owned(),
        };
    };
    Amount {
        number: with_sign(value, false, |size| format!("${}", grouped(size, 2))),
        unit: rest.to_owned(),
    }
}

/// What stands before numbers in `unit`: `$` for dollars, else nothing.
pub fn symbol(unit: &str) -> &'static str {
    if in_dollars(unit).is_some() { "$" } else { "" }
}

/// The number of [`amount`] alone, for places where the unit has been said before.
pub fn money(value: f64, unit: &str) -> String {
    amount(value, unit).number
}

/// A difference in `unit`, always with its sign: `+$4.40`.
pub fn signed_money(value: f64, unit: &str) -> String {
    with_sign(value, true, |size| money(size, unit))
}

/// Two decimals and a percent sign: `1.83%`.
pub fn percent(value: f64) -> String {
    with_sign(value, false, |size| format!("{}%", grouped(size, 2)))
}

/// A percentage with its sign: `+1.83%`.
pub fn signed_percent(value: f64) -> String {
    with_sign(value, true, percent)
}

/// A share between 0 and 1 as whole percents: `78%`.
pub fn share(value: f64) -> String {
    with_sign(100.0 * value, false, |size| {
        format!("{}%", grouped(size, 0))
    })
}

/// A number with its sign and three decimals: `+0.412`.
pub fn signed(value: f64) -> String {
    with_sign(value, true, |size| grouped(size, 3))
}

/// A contribution with the sign of its unit: `+0.412%`, `−$4.40`. The unit in full is said once, beside them.
pub fn contribution(value: f64, unit: &str) -> String {
    if unit.starts_with('%') {
        format!("{}%", signed(value))
    } else if unit.starts_with("USD") {
        signed_money(value, unit)
    } else {
        signed(value)
    }
}

/// Thousands set apart by commas: `12,345.60`.
pub fn grouped(value: f64, decimals: usize) -> String {
    with_sign(value, false, |size| {
        let plain = format!("{size:.decimals$}");
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut text = String::with_capacity(plain.len() + 4);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
        text
    })
}

/// A probability as tests report it: `p = 0.41`, `p < 0.001`; its parts never stand on two lines.
pub fn p_value(p: f64) -> String {
    if p < 0.001 {
        "p\u{a0}<\u{a0}0.001".to_owned()
    } else if p < 0.1 {
        format!("p\u{a0}=\u{a0}{p:.3}")
    } else {
        format!("p\u{a0}=\u{a0}{p:.2}")
    }
}

/// `23 Sep 2024`.
pub fn date(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month(day), day.year())
}

/// `Mon 23 Sep 2024`.
pub fn weekday_and_date(day: NaiveDate) -> String {
    format!("{} {}", day.weekday(), date(day))
}

/// `23 Sep 2024, 20:15 UTC`.
pub fn instant(at: DateTime<Utc>) -> String {
    format!(
        "{}, {:02}:{:02} UTC",
        date(at.date_naive()),
        at.hour(),
        at.minute()
    )
}

/// How long ago: `5 minutes ago`. Within a minute either way: `just now`.
pub fn ago(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let passed = now - then;
    if passed.abs() < TimeDelta::minutes(1) {
        return "just now".to_owned();
    }
    let length = length_of(passed.abs());
    if passed < TimeDelta::zero() {
        format!("in {length}")
    } else {
        format!("{length} ago")
    }
}

/// A wall time: `850 ms`, `12.3 s`, `2 min 5 s`.
pub fn duration(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{:.1} s", milliseconds as f64 / 1_000.0),
        _ => {
            let seconds = milliseconds / 1_000;
            format!("{} min {} s", seconds / 60, seconds % 60)
        }
    }
}

/// Time left, which nobody knows to the millisecond: `1 s`, `2 min 5 s`.
pub fn time_left(seconds: f64) -> String {
    match seconds.max(1.0).ceil() as u64 {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// Text cut at its backticks: whether each part is code, and the part. `` run `make` now `` has three.
pub fn code_spans(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let parts = text.split('`').enumerate();
    parts
        .map(|(index, part)| (index % 2 == 1, part))
        .filter(|(_, part)| !part.is_empty())
}

/// `1 day`, `300 days`: the noun in its number.
pub fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", grouped(number as f64, 0))
}

/// `a`, `a and b`, `a, b and c`.
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// The first letter in upper case: errors arrive in lower case, and stand on the page as sentences.
pub fn sentence(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let end = if text.ends_with(['?', '!']) { "" } else { "." };
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

/// What follows `USD` in a unit of dollars: `USD per share of GLD` gives `per share of GLD`.
fn in_dollars(unit: &str) -> Option<&str> {
    let rest = unit.strip_prefix("USD")?;
    let alone = rest.is_empty() || rest.starts_with(' ');
    alone.then(|| rest.trim_start())
}

/// Writes the size of a value by `write`, its sign before it. A size that is written as zero has no sign.
fn with_sign(value: f64, plus: bool, write: impl Fn(f64) -> String) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    let text = write(value.abs());
    let is_zero = !text.chars().any(|digit| ('1'..='9').contains(&digit));
    if is_zero {
        text
    } else if value < 0.0 {
        format!("{MINUS}{text}")
    } else if plus {
        format!("+{text}")
    } else {
        text
    }
}

fn month(day: NaiveDate) -> &'static str {
    MONTHS.get(day.month0() as usize).copied().unwrap_or(NONE)
}

/// The largest unit that fits, rounded down. `length` is at least a minute.
fn length_of(length: TimeDelta) -> String {
    let days = length.num_days();
    let (number, noun) = if days >= 730 {
        (days / 365, "year")
    } else if days >= 60 {
        (days / 30, "month")
    } else if days >= 2 {
        (days, "day")
    } else if length.num_hours() >= 2 {
        (length.num_hours(), "hour")
    } else {
        (length.num_minutes(), "minute")
    };
    count(usize::try_from(number).unwrap_or_default(), noun)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn units_stand_where_a_reader_expects_them() {
        let cases = [
            (2_646.1, "USD per troy ounce", "$2,646.10", "per troy ounce"),
            (4.25, "%", "4.25%", ""),
            (0.8731, "CHF per USD", "0.8731", "CHF per USD"),
            (18.25, "index points", "18.25", "index points"),
            (27_000.0, "billion USD", "27,000.00", "billion USD"),
            (5.0, "USDT", "5.0000", "USDT"),
        ];
        for (value, unit, number, rest) in cases {
            let shown = amount(value, unit);
            assert_eq!((shown.number.as_str(), shown.unit.as_str()), (number, rest));
        }
    }

    #[test]
    fn signs_are_shown_unless_the_number_reads_zero() {
        assert_eq!(signed_percent(1.834), "+1.83%");
        assert_eq!(signed_percent(-0.416), "−0.42%");
        assert_eq!(signed_percent(-0.004), "0.00%");
        assert_eq!(signed_money(-4.4, "USD per share of GLD"), "−$4.40");
        assert_eq!(signed(0.0412), "+0.041");
        assert_eq!(grouped(-1_234_567.0, 0), "−1,234,567");
        assert_eq!(grouped(999.5, 1), "999.5");
        assert_eq!(percent(f64::NAN), NONE);
    }

    #[test]
    fn dates_are_unambiguous() {
        let day = NaiveDate::from_ymd_opt(2024, 9, 3).unwrap();
        assert_eq!(date(day), "3 Sep 2024");
        assert_eq!(weekday_and_date(day), "Tue 3 Sep 2024");
        assert_eq!(
            instant(at("2024-12-31T09:05:59Z")),
            "31 Dec 2024, 09:05 UTC"
        );
    }

    #[test]
    fn ages_use_the_largest_unit_that_fits() {
        let now = at("2024-09-23T12:00:00Z");
        let cases = [
            ("2024-09-23T11:59:30Z", "just now"),
            ("2024-09-23T12:00:20Z", "just now"),
            ("2024-09-23T11:59:00Z", "1 minute ago"),
            ("2024-09-23T10:00:00Z", "2 hours ago"),
            ("2024-09-22T11:00:00Z", "25 hours ago"),
            ("2024-09-20T12:00:00Z", "3 days ago"),
            ("2024-06-23T12:00:00Z", "3 months ago"),
            ("2021-09-23T12:00:00Z", "3 years ago"),
            ("2024-09-23T15:30:00Z", "in 3 hours"),
        ];
        for (then, text) in cases {
            assert_eq!(ago(at(then), now), text, "{then}");
        }
    }

    #[test]
    fn durations_counts_and_lists_read_as_speech() {
        assert_eq!(duration(850), "850 ms");
        assert_eq!(duration(12_340), "12.3 s");
        assert_eq!(duration(125_000), "2 min 5 s");
        assert_eq!(time_left(0.2), "1 s");
        assert_eq!(time_left(59.2), "1 min 0 s");
        assert_eq!(count(1, "day"), "1 day");
        assert_eq!(count(1_300, "day"), "1,300 days");
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(list(&words), "a, b and c");
        assert_eq!(list(&words[..1]), "a");
        assert_eq!(sentence("the key is wrong"), "The key is wrong.");
        assert_eq!(sentence("Done."), "Done.");
        assert_eq!(sentence("did you mean this?"), "Did you mean this?");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn commands_in_backticks_are_code() {
        let spans = |text| code_spans(text).collect::<Vec<_>>();
        assert_eq!(
            spans("run `make` now"),
            [(false, "run "), (true, "make"), (false, " now")]
        );
        assert_eq!(spans("`make`"), [(true, "make")]);
        assert_eq!(spans("plain"), [(false, "plain")]);
    }

    #[test]
    fn p_values_keep_the_digits_that_matter() {
        assert_eq!(p_value(0.412), "p\u{a0}=\u{a0}0.41");
        assert_eq!(p_value(0.0312), "p\u{a0}=\u{a0}0.031");
        assert_eq!(p_value(0.000_04), "p\u{a0}<\u{a0}0.001");
    }
}
