//! What became of the question: rows, chart and files, or the mistake at its place.

use std::sync::Arc;

use leptos::prelude::*;
use shared::problem::Problem;
use shared::query::{Answer, FileFormat};

use super::desk::{Asked, Desk};
use super::sheet::Sheet;
use super::{plot, rows};
use crate::api;
use crate::chart::TimeChart;
use crate::components::Text;
use crate::format;

/// The card with the answer.
#[component]
pub(super) fn Outcome(desk: Desk) -> impl IntoView {
    let news = move || match &*desk.asked.read() {
        Asked::Nothing | Asked::Refused { .. } => String::new(),
        Asked::Waiting => "The question is being answered".to_owned(),
        Asked::Answered { answer, .. } => rows::figures(answer),
    };
    let body = move || match desk.asked.get() {
        Asked::Nothing => None,
        Asked::Waiting => Some(view! { <p class="waiting">"Asking…"</p> }.into_any()),
        Asked::Answered { sql, answer } => Some(view! { <Rows desk sql answer /> }.into_any()),
        Asked::Refused { sql, problem } => Some(view! { <Mistake desk sql problem /> }.into_any()),
    };
    view! {
        <div class="visually-hidden" role="status">{news}</div>
        {body}
    }
}

#[component]
fn Rows(desk: Desk, sql: String, answer: Arc<Answer>) -> impl IntoView {
    let cut = (answer.rows.len() > rows::SHOWN).then(|| {
        let all = format::count(answer.rows.len(), "row");
        view! { <p class="hint">{format!("The first {} of {all} are shown; the files have all.", rows::SHOWN)}</p> }
    });
    let chart = plot::plot(&answer).map(|plot| {
        let last = plot.days.len() - 1;
        let summary = format!(
            "{} from {} to {}.",
            format::count(plot.days.len(), "day"),
            format::date(plot.days[0]),
            format::date(plot.days[last])
        );
        let view = Signal::stored((0, last));
        view! { <TimeChart plot=Arc::new(plot) view label="Answer by day" summary /> }
    });
    let figures = rows::figures(&answer);
    let question = sql.clone();
    let file = move |format: FileFormat, word: &'static str| {
        let sql = question.clone();
        view! {
            <button type="button" on:click=move |_| desk.download(sql.clone(), format)>{word}</button>
        }
    };
    let no_file = move || {
        desk.no_file.get().map(|problem| {
            let text = format!(
                "No file was made. {} {}",
                format::sentence(&problem.message),
                format::sentence(&problem.advice)
            );
            view! { <p role="alert" class="notice notice-failure"><Text text /></p> }
        })
    };
    let asked = StoredValue::new(sql);
    let other = move || asked.with_value(|asked| *asked != *desk.text.read());
    view! {
        <section class="card" aria-labelledby="answer">
            <Show when=other>
                <p class="caveat">"The question above was changed since: this answers the one before. Press Ask."</p>
            </Show>
            <div class="card-header">
                <h2 id="answer">"Answer " <small>{figures}</small></h2>
                <div class="sql-files">
                    {file(FileFormat::Csv, "CSV file")}
                    {file(FileFormat::Parquet, "Parquet file")}
                </div>
            </div>
            {no_file}
            {chart}
            <Sheet answer />
            {cut}
        </section>
    }
}

#[component]
fn Mistake(desk: Desk, sql: String, problem: Problem) -> impl IntoView {
    let place = problem.position.and_then(|at| {
        let line = sql.lines().nth(at.line.checked_sub(1)? as usize)?;
        let before = " ".repeat(at.column.saturating_sub(1) as usize);
        let text = format!("{line}\n{before}^");
        let name = format!("Line {}, column {}", at.line, at.column);
        Some(view! {
            <p class="hint">{name.clone()}</p>
            <pre class="scroll sql-mistake" tabindex="0" role="group" aria-label=name><code>{text}</code></pre>
        })
    });
    let token = api::asks_token(&problem).then(|| {
        view! {
            <p>
                <label for="sql-token">"Token "</label>
                <input id="sql-token" type="password" autocomplete="off" bind:value=desk.token />
            </p>
        }
    });
    view! {
        <section class="notice notice-failure" role="alert">
            <h2>"This question has no answer"</h2>
            <p><Text text=format::sentence(&problem.message) /></p>
            {place}
            <p><Text text=format::sentence(&problem.advice) /></p>
            {token}
        </section>
    }
}
