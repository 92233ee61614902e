//! The answer's rows; a press on a column's name sorts by it.

use std::sync::Arc;

use leptos::prelude::*;
use shared::query::Answer;

use super::rows::{self, Order};

/// The first rows as a table. It scrolls by itself where a phone is too narrow for it.
#[component]
pub(super) fn Sheet(answer: Arc<Answer>) -> impl IntoView {
    let order = RwSignal::new(None::<Order>);
    let names = answer.columns.iter().map(|column| column.name.clone());
    let heads = names.enumerate();
    let heads = heads.map(|(column, name)| head(column, name, order));
    let heads = heads.collect_view();
    let lines = move || {
        let lines = rows::lines(&answer, order.get()).into_iter();
        lines.map(line).collect_view()
    };
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="Answer">
            <table>
                <caption>"Answer"</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

fn head(column: usize, name: String, order: RwSignal<Option<Order>>) -> impl IntoView {
    let sorted = move || order.get().filter(|order| order.column == column);
    let said = move || {
        sorted().map(|order| {
            if order.descending {
                "descending"
            } else {
                "ascending"
            }
        })
    };
    let mark = move || match sorted() {
        None => "",
        Some(order) if order.descending => "↓",
        Some(_) => "↑",
    };
    let press = move |_| order.update(|order| *order = Order::after(*order, column));
    view! {
        <th scope="col" aria-sort=said>
            <button type="button" class="sort" on:click=press>
                {name} <span aria-hidden="true">{mark}</span>
            </button>
        </th>
    }
}

fn line(cells: Vec<String>) -> impl IntoView {
    let cells = cells.into_iter().enumerate();
    let cells = cells.map(|(column, text)| match column {
        0 => view! { <th scope="row">{text}</th> }.into_any(),
        _ => view! { <td>{text}</td> }.into_any(),
    });
    view! { <tr>{cells.collect_view()}</tr> }
}
