//! Beside the editor: questions that come with Assay, the tables with their columns, and what was asked before.

use leptos::prelude::*;
use shared::api::{GetNamedQueries, TableSchema};
use shared::catalogue::{Column, ColumnType};

use super::desk::Desk;
use crate::load::{Load, use_get};

/// Questions to begin with. A press puts one into the editor; asking is the reader's.
#[component]
pub(super) fn Questions(desk: Desk) -> impl IntoView {
    let source = use_get(|| GetNamedQueries);
    view! {
        <section class="card" aria-labelledby="named">
            <h2 id="named">"Questions to begin with"</h2>
            <Load
                source
                name="list of questions"
                empty=|| ()
                ready=move |questions| {
                    let each = questions.iter().cloned().map(|one| {
                        let show = move |_| desk.show(one.sql.clone());
                        view! { <li><button type="button" class="sql-pick" on:click=show>{one.title}</button></li> }
                    });
                    view! { <ul class="sql-list">{each.collect_view()}</ul> }
                }
            />
        </section>
    }
}

/// The tables and views; each opens to its columns.
#[component]
pub(super) fn Schema(desk: Desk, tables: Vec<TableSchema>) -> impl IntoView {
    let each = tables.into_iter().map(|table| {
        let columns = table.columns.into_iter().map(column).collect_view();
        let sql = format!("SELECT *\nFROM {}\nLIMIT 20", table.name);
        view! {
            <li>
                <details>
                    <summary><code>{table.name}</code></summary>
                    <ul class="sql-columns">{columns}</ul>
                    <button type="button" on:click=move |_| desk.show(sql.clone())>"First rows"</button>
                </details>
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="schema">
            <h2 id="schema">"Tables"</h2>
            <p class="hint">"Those that end in " <code>"_latest"</code> " hold the current run, the others every run."</p>
            <ul class="sql-list">{each.collect_view()}</ul>
        </section>
    }
}

fn column(column: Column) -> impl IntoView {
    let kind = match column.kind {
        ColumnType::Date => "date",
        ColumnType::Double => "number",
        ColumnType::BigInt => "whole number",
        ColumnType::Text => "text",
        ColumnType::Boolean => "true or false",
        ColumnType::Timestamp => "instant, UTC",
    };
    view! { <li><code>{column.name}</code> " " <small>{kind}</small></li> }
}

/// Questions asked before in this browser.
#[component]
pub(super) fn History(desk: Desk) -> impl IntoView {
    let lines = move || {
        let each = desk.history.get().into_iter().map(|sql| {
            let words = sql.split_whitespace().collect::<Vec<_>>().join(" ");
            let show = move |_| desk.show(sql.clone());
            view! { <li><button type="button" class="sql-pick sql-line" on:click=show><code>{words}</code></button></li> }
        });
        each.collect_view()
    };
    view! {
        <Show when=move || !desk.history.read().is_empty()>
            <section class="card" aria-labelledby="history">
                <div class="card-header">
                    <h2 id="history">"Asked before"</h2>
                    <button type="button" on:click=move |_| desk.forget()>"Forget"</button>
                </div>
                <p class="hint">"Kept in this browser only."</p>
                <ul class="sql-list">{lines}</ul>
            </section>
        </Show>
    }
}
