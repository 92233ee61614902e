//! A table of text, as the pure parts make it.

use leptos::prelude::*;

use crate::figures::Table;

/// Shows a table. It scrolls by itself where a phone is too narrow for it.
pub(crate) fn table_view(table: Table) -> AnyView {
    let name = table.caption.clone();
    let heads = table.head.into_iter();
    let heads: Vec<AnyView> = heads
        .map(|head| view! { <th scope="col">{head}</th> }.into_any())
        .collect();
    let rows = table.rows.into_iter().map(|cells| {
        let cells = cells.into_iter().enumerate();
        let cells = cells.map(|(index, cell)| match index {
            0 => view! { <th scope="row">{cell.text}</th> }.into_any(),
            _ => view! { <td>{cell.text}</td> }.into_any(),
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
