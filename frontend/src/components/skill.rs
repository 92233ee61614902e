//! Whether the model is any good: the verdict in plain words, with the scores it rests on.

use std::sync::Arc;

use leptos::prelude::*;
use shared::card::{Score, Verdict};
use shared::snapshot::Snapshot;

use crate::{format, words};

/// Skill against yesterday's price, and the errors of every rule on the test days.
#[component]
pub(crate) fn SkillVerdict(
    /// The run.
    snapshot: Arc<Snapshot>,
) -> impl IntoView {
    let (class, mark) = match snapshot.skill.verdict {
        Verdict::Skill => ("verdict good", "✓"),
        Verdict::NoSkill => ("verdict none", "○"),
        Verdict::Worse => ("verdict bad", "✕"),
    };
    let data = &snapshot.data;
    let trained = format!(
        "Trained on {} from {}; tested on {} from {} to {}, which it never saw.",
        format::count(data.train_rows, "day"),
        format::date(data.first),
        format::count(data.test_rows, "day"),
        format::date(data.test_first),
        format::date(data.last),
    );
    let scores = snapshot.scores.iter();
    let rows = scores
        .map(|score| line(score, &snapshot.unit))
        .collect_view();
    view! {
        <section class="card" aria-labelledby="skill">
            <h2 id="skill">"Is the model any good?"</h2>
            <p class=class><span aria-hidden="true">{mark}</span> " " {words::verdict(&snapshot.skill)}</p>
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
            <p class="hint">{trained}</p>
        </section>
    }
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
