//! Whether the model is any good: the verdict in plain words, with the scores it rests on.

use std::sync::Arc;

use leptos::prelude::*;
use shared::card::{Score, Skill, Verdict};
use shared::snapshot::Snapshot;

use crate::{format, words};

/// Skill against yesterday's price, and the errors of every rule on the test days.
#[component]
pub(crate) fn SkillVerdict(
    /// The run.
    snapshot: Arc<Snapshot>,
) -> impl IntoView {
    let held_back = words::is_held_back(snapshot.latest.method);
    let data = &snapshot.data;
    let trained = format!(
        "Tested on {} from {} to {}, none of which it had seen when it valued them; {} from {} on came before.",
        format::count(data.test_rows, "day"),
        format::date(data.test_first),
        format::date(data.last),
        format::count(data.train_rows, "day"),
        format::date(data.first),
    );
    let scores = snapshot.scores.iter();
    let rows = scores
        .map(|score| line(score, &snapshot.unit))
        .collect_view();
    view! {
        <section class="card" aria-labelledby="skill">
            <h2 id="skill">"Is the model any good?"</h2>
            {verdict_line(&snapshot.skill, held_back)}
            <p>{words::skill(&snapshot.skill, data.test_rows)}</p>
            <table>
                <caption>"Errors on the test days; smaller is better"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Rule"</th>
                        <th scope="col">"Root mean square"</th>
                        <th scope="col">"Mean"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="hint">{trained} " " <a href="/model">"The whole record"</a></p>
        </section>
    }
}

/// The verdict in a few words, with a mark. `held_back`: the newest value was, for want of skill.
fn verdict_line(skill: &Skill, held_back: bool) -> impl IntoView + use<> {
    let (class, mark) = match skill.verdict {
        _ if held_back => ("verdict none", "○"),
        Verdict::Skill => ("verdict good", "✓"),
        Verdict::NoSkill => ("verdict none", "○"),
        Verdict::Worse => ("verdict bad", "✕"),
    };
    let word = if held_back {
        "No skill lately: the gate is closed"
    } else {
        words::verdict(skill)
    };
    view! { <p class=class><span aria-hidden="true">{mark}</span> " " {word}</p> }
}

fn line(score: &Score, unit: &str) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">{score.label.clone()}</th>
            <td>
                {format::money(score.rmse, unit)} " "
                <span class="quiet">{format!("({})", format::percent(score.rmse_pct))}</span>
            </td>
            <td>{format::money(score.mae, unit)}</td>
        </tr>
    }
}
