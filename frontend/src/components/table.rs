//! A table of text, as the pure parts make it.

use leptos::prelude::*;

use super::text::Text;
use crate::figures::{Cell, Table};

/// Shows a table. It scrolls by itself where a phone is too narrow for it.
pub(crate) fn table_view(table: Table) -> AnyView {
    let name = table.caption.clone();
    let class = |index: usize| {
        if table.wide.contains(&index) {
            "wide-only"
        } else {
            ""
        }
    };
    let heads = table.head.into_iter().enumerate();
    let heads: Vec<AnyView> = heads
        .map(|(index, head)| view! { <th scope="col" class=class(index)>{head}</th> }.into_any())
        .collect();
    let rows = table.rows.into_iter().map(|cells| {
        let cells = cells.into_iter().enumerate();
        let cells = cells.map(|(index, cell)| match index {
            0 => view! { <th scope="row"><Text text=cell.text /></th> }.into_any(),
            _ => cell_view(cell, class(index)),
        });
        view! { <tr>{cells.collect::<Vec<AnyView>>()}</tr> }.into_any()
    });
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label=name>
            <table>
                <caption>{table.caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows.collect::<Vec<AnyView>>()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn cell_view(cell: Cell, class: &'static str) -> AnyView {
    let Some(heat) = cell.heat else {
        return view! { <td class=class><Text text=cell.text /></td> }.into_any();
    };
    let share = format!("{:.2}%", 100.0 * heat);
    view! { <td class="heat" style=("--heat-share", share)>{cell.text}</td> }.into_any()
}
