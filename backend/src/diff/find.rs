//! From what a person types to a run's id.

use shared::catalogue::Current;

use super::DiffError;

/// The published run of this id, of this unique beginning of an id, or the one that `current` points to.
pub(super) fn find(name: &str, current: &Current) -> Result<String, DiffError> {
    if name == "current" {
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

#[cfg(test)]
mod tests {
    use shared::catalogue::PublishedRun;

    use super::*;

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
