//! From what a person types to a run's id.

use shared::catalogue::Current;

use super::DiffError;

/// Stands for the run that the pointer names.
pub(super) const CURRENT: &str = "current";

/// The published run of this id, of this unique beginning of an id, or the one that `current` points to.
pub(super) fn find(name: &str, current: &Current) -> Result<String, DiffError> {
    if name == CURRENT {
        return Ok(current.run_id.clone());
    }
    let ids = || current.published.iter().map(|run| run.run_id.as_str());
    if ids().any(|id| id == name) {
        return Ok(name.to_owned());
    }
    let begin_so = |id: &&str| !name.is_empty() && id.starts_with(name);
    let mut found: Vec<String> = ids().filter(begin_so).map(str::to_owned).collect();
    let name = name.to_owned();
    match found.len() {
        0 => Err(DiffError::Unknown { name }),
        1 => Ok(found.remove(0)),
        _ => Err(DiffError::Ambiguous { name, runs: found }),
    }
}

/// The newest run of the same preset before a published one: by as-of day, then by when it was published.
pub(super) fn before(run_id: &str, current: &Current) -> Result<String, DiffError> {
    let runs = || current.published.iter().enumerate();
    let alone = || DiffError::Alone {
        run_id: run_id.to_owned(),
    };
    let (place, run) = runs()
        .find(|(_, run)| run.run_id == run_id)
        .ok_or_else(alone)?;
    let earlier = runs().filter(|(index, other)| {
        other.preset == run.preset && (other.as_of, *index) < (run.as_of, place)
    });
    let newest = earlier.max_by_key(|(index, other)| (other.as_of, *index));
    let (_, newest) = newest.ok_or_else(alone)?;
    Ok(newest.run_id.clone())
}

/// The published run whose [`before`] is this one.
pub(super) fn after(run_id: &str, current: &Current) -> Option<String> {
    let ids = current.published.iter().map(|run| &run.run_id);
    let mut after = ids.filter(|id| before(id, current).is_ok_and(|before| before == run_id));
    after.next().cloned()
}

#[cfg(test)]
mod tests {
    use shared::catalogue::PublishedRun;

    use super::*;

    #[test]
    fn the_run_before_is_of_the_same_preset_and_an_earlier_day() {
        let run = |run_id: &str, as_of: &str, preset: &str| PublishedRun {
            run_id: run_id.to_owned(),
            as_of: as_of.parse().unwrap(),
            preset: preset.to_owned(),
            published_at: "2024-09-23T20:00:00Z".parse().unwrap(),
        };
        let current = Current {
            published: vec![
                run("one", "2024-09-20", "fair"),
                run("other", "2024-09-22", "classic"),
                run("two", "2024-09-23", "fair"),
                run("again", "2024-09-23", "fair"),
                // A day of long ago, valued last.
                run("old", "2020-03-16", "fair"),
            ],
            ..Current::default()
        };
        let found = |run_id: &str| before(run_id, &current).map_err(|error| error.to_string());
        assert_eq!(found("again"), Ok("two".to_owned()));
        assert_eq!(found("two"), Ok("one".to_owned()));
        assert_eq!(found("one"), Ok("old".to_owned()));
        let alone = "no run of its preset was published before `other`";
        assert_eq!(found("other"), Err(alone.to_owned()));
        assert_eq!(after("old", &current), Some("one".to_owned()));
        assert_eq!(after("two", &current), Some("again".to_owned()));
        assert_eq!(after("again", &current), None);
    }

    #[test]
    fn a_whole_id_wins_over_its_being_the_beginning_of_another() {
        let run = |run_id: &str| PublishedRun {
            run_id: run_id.to_owned(),
            as_of: "2024-09-23".parse().unwrap(),
            preset: "fair".to_owned(),
            published_at: "2024-09-23T20:00:00Z".parse().unwrap(),
        };
        let current = Current {
            run_id: "b-1".to_owned(),
            published: vec![run("a-1"), run("a-10"), run("b-1")],
            ..Current::default()
        };
        let found = |name: &str| find(name, &current).map_err(|error| error.to_string());
        assert_eq!(found("a-1"), Ok("a-1".to_owned()));
        assert_eq!(found("a-10"), Ok("a-10".to_owned()));
        assert_eq!(found("b"), Ok("b-1".to_owned()));
        assert_eq!(found("current"), Ok("b-1".to_owned()));
        let several = "`a` is the beginning of 2 runs: a-1, a-10";
        assert_eq!(found("a"), Err(several.to_owned()));
        let none = "no published run is called ``";
        assert_eq!(found(""), Err(none.to_owned()));
    }
}
