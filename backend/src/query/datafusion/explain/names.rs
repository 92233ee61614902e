//! The nearest name: what somebody probably meant.

use datafusion::common::utils::datafusion_strsim::levenshtein;

/// More names than this are no help in a message.
const LISTED: usize = 16;

/// Says that there is no such thing, and what there is instead: the nearest name, or all of them if they are few.
pub(crate) fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    if let Some(meant) = nearest(name, &known) {
        return format!("there is no {what} `{name}`; did you mean `{meant}`?");
    }
    if known.is_empty() || known.len() > LISTED {
        return format!("there is no {what} `{name}`");
    }
    let list = known.join("`, `");
    format!("there is no {what} `{name}`; there are `{list}`")
}

/// The name that needs the fewest edits, if they are few for its length.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let distances = known
        .iter()
        .map(|known| (levenshtein(&name, known), *known));
    let (distance, meant) = distances.min()?;
    // Two letters in the wrong order are two edits.
    let allowed = match name.chars().count() {
        0..=3 => 1,
        length => (length / 3).max(2),
    };
    (distance <= allowed).then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_finds_its_name_and_nonsense_finds_none() {
        let known = ["valuation", "price", "gap_pct"];
        let unknown = |name| unknown("column", name, known.into_iter());
        assert_eq!(
            unknown("valuatoin"),
            "there is no column `valuatoin`; did you mean `valuation`?"
        );
        assert_eq!(
            unknown("Prices"),
            "there is no column `Prices`; did you mean `price`?"
        );
        assert_eq!(
            unknown("colour"),
            "there is no column `colour`; there are `gap_pct`, `price`, `valuation`"
        );
    }
}
