//! `assay journal`.

use shared::journal::{EntryScore, Journal, JournalLine, PresetScore};
use shared::valuation::Interval;

use super::args::{JournalArgs, JournalWhat};
use super::{Exit, print};
use crate::backend::Backend;
use crate::catalogue::ReadError;
use crate::journal::Verified;

/// Lists, verifies or scores the journal.
pub(super) async fn journal(backend: &Backend, args: &JournalArgs) -> Exit {
    let reader = backend.journal();
    if let Some(JournalWhat::Verify) = args.what {
        return match reader.verify().await {
            Ok(found) => verified(&found, args.json),
            Err(error) => unreadable(&error),
        };
    }
    let journal = match reader.read().await {
        Ok(journal) => journal,
        Err(error) => return unreadable(&error),
    };
    if args.json {
        print::json(&journal);
    } else if args.what.is_some() {
        scores(&journal);
    } else {
        journal.lines.iter().map(entry).for_each(print::line);
        if journal.lines.is_empty() {
            print::line("the journal is empty: `assay run` writes its first entry");
        }
    }
    if let Some(fault) = &journal.fault {
        print::note(format!(
            "entry {} is broken: {}; see `assay journal verify`",
            fault.sequence, fault.message
        ));
    }
    Exit::Good
}

fn unreadable(error: &ReadError) -> Exit {
    print::error(
        error,
        "restore the file from a backup, or check that the folder of ASSAY_HOME can be read",
    );
    Exit::Failed
}

fn verified(found: &Verified, json: bool) -> Exit {
    if json {
        print::json(found);
    } else if found.fault.is_none() {
        let entries = if found.entries == 1 {
            "entry"
        } else {
            "entries"
        };
        print::line(format!("{} {entries}, unbroken", found.entries));
        if let Some(head) = &found.head_sha256 {
            print::line(format!("the last has the hash {head}"));
        }
    }
    for run_id in &found.unrecorded {
        print::note(format!(
            "the run {run_id} has no entry yet: the next run appends it, unless it was published by a version without a journal"
        ));
    }
    match &found.fault {
        None => Exit::Good,
        Some(fault) => {
            let message = format!("entry {} is broken: {}", fault.sequence, fault.message);
            print::trouble(
                &message,
                "restore the file from a backup; entries and the files of published runs never change",
            );
            Exit::Failed
        }
    }
}

/// An entry as people read it.
fn entry(line: &JournalLine) -> String {
    let entry = &line.entry;
    format!(
        "{:>5}  {}  {:>12.4}  {}  {}  {}{}",
        entry.sequence,
        entry.date,
        entry.valuation,
        interval(entry.interval_80),
        &line.sha256[..12],
        entry.run_id,
        labels(line)
    )
}

fn interval(interval: Option<Interval>) -> String {
    interval.map_or(format!("{:>22}", "no interval"), |i| {
        format!("{:>9.2} to {:>9.2}", i.lower, i.upper)
    })
}

fn labels(line: &JournalLine) -> &'static str {
    match (line.entry.looks_ahead, line.entry.synthetic) {
        (true, true) => " (looks ahead, synthetic data)",
        (true, false) => " (looks ahead)",
        (false, true) => " (synthetic data)",
        (false, false) => "",
    }
}

fn scores(journal: &Journal) {
    for line in &journal.lines {
        let became = line
            .score
            .as_ref()
            .map_or("pending: the price is not known yet".to_owned(), became);
        print::line(format!(
            "{:>5}  {}  {:>12.4}  {became}  {}{}",
            line.entry.sequence,
            line.entry.date,
            line.entry.valuation,
            line.entry.preset,
            labels(line)
        ));
    }
    journal.scores.iter().map(of_preset).for_each(print::line);
}

/// What became of an entry, as people read it.
fn became(score: &EntryScore) -> String {
    let inside = |inside: Option<bool>| match inside {
        Some(true) => "inside",
        Some(false) => "outside",
        None => "none",
    };
    let no_change = percent(score.no_change_error_pct);
    format!(
        "price {:.4}, error {:+.2} %, no change {no_change}, 80 %: {}, 95 %: {}",
        score.price,
        score.error_pct,
        inside(score.inside_80),
        inside(score.inside_95)
    )
}

fn percent(value: Option<f64>) -> String {
    value.map_or("unknown".to_owned(), |value| format!("{value:+.2} %"))
}

/// A preset's scores, as people read them.
fn of_preset(score: &PresetScore) -> String {
    let ahead = if score.looks_ahead {
        " (looks ahead)"
    } else {
        ""
    };
    let share = |share: Option<f64>| {
        share.map_or("unknown".to_owned(), |share| {
            format!("{:.1} %", 100.0 * share)
        })
    };
    let size = |mean: Option<f64>| mean.map_or("unknown".to_owned(), |mean| format!("{mean:.3} %"));
    format!(
        "{}{ahead}: {} of {} scored, mean error {}, no change {}, inside 80 %: {}, inside 95 %: {}",
        score.preset,
        score.scored,
        score.entries,
        size(score.mean_error_pct),
        size(score.no_change_mean_error_pct),
        share(score.inside_80),
        share(score.inside_95)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(score: Option<EntryScore>) -> JournalLine {
        let entry = serde_json::json!({
            "sequence": 7, "previous_sha256": "", "run_id": "2024-09-23-fair-0123", "as_of": "2024-09-23",
            "preset": "fair", "looks_ahead": false, "synthetic": true, "target": "gold_close", "unit": "USD",
            "date": "2024-09-23", "previous_price": 239.0, "price": 242.0, "valuation": 240.0,
            "interval_80": {"lower": 239.0, "upper": 241.0}, "interval_95": null, "method": "model",
            "input_sha256": "", "model_sha256": "", "manifest_sha256": "",
        });
        JournalLine {
            entry: serde_json::from_value(entry).unwrap(),
            sha256: "ab".repeat(32),
            score,
        }
    }

    #[test]
    fn an_entry_stands_on_one_line() {
        assert_eq!(
            entry(&line(None)),
            "    7  2024-09-23      240.0000     239.00 to    241.00  abababababab  2024-09-23-fair-0123 (synthetic data)"
        );
    }

    #[test]
    fn what_became_of_it_stands_beside_no_change() {
        let score = EntryScore {
            price: 242.4,
            error_pct: 1.0,
            inside_80: Some(false),
            inside_95: None,
            no_change_error_pct: Some(-0.254),
        };
        assert_eq!(
            became(&score),
            "price 242.4000, error +1.00 %, no change -0.25 %, 80 %: outside, 95 %: none"
        );
        let of_fair = PresetScore {
            preset: "fair".to_owned(),
            looks_ahead: false,
            entries: 3,
            scored: 2,
            mean_error_pct: Some(0.5),
            no_change_mean_error_pct: None,
            inside_80: Some(0.5),
            inside_95: None,
        };
        assert_eq!(
            of_preset(&of_fair),
            "fair: 2 of 3 scored, mean error 0.500 %, no change unknown, inside 80 %: 50.0 %, inside 95 %: unknown"
        );
    }
}
