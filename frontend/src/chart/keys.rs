//! The keys that walk along the days of a chart. Pure.

/// A month of trading days: how far Page Up and Page Down go.
const PAGE: usize = 21;

/// The day that a key leads to from `from`, of `days` days; `None` for keys that mean nothing here.
pub(super) fn step(key: &str, from: usize, days: usize) -> Option<usize> {
    let last = days.checked_sub(1)?;
    let to = match key {
        "ArrowLeft" | "ArrowDown" => from.saturating_sub(1),
        "ArrowRight" | "ArrowUp" => from + 1,
        "PageDown" => from.saturating_sub(PAGE),
        "PageUp" => from + PAGE,
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_walk_along_the_days_and_stop_at_the_ends() {
        assert_eq!(step("ArrowLeft", 0, 30), Some(0));
        assert_eq!(step("ArrowRight", 28, 30), Some(29));
        assert_eq!(step("ArrowRight", 29, 30), Some(29));
        assert_eq!(step("PageDown", 29, 30), Some(8));
        assert_eq!(step("Home", 17, 30), Some(0));
        assert_eq!(step("End", 17, 30), Some(29));
        assert_eq!(step("a", 17, 30), None);
        assert_eq!(step("End", 0, 0), None);
    }
}
