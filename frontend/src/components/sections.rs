//! Cards as the pure parts tell them: titles, text, tables, columns, facts, and what is shown on demand.

use leptos::prelude::*;

use super::table::table_view;
use super::text::Text;
use crate::figures::{Block, Column, Look, Section};

/// Told cards, one below the other.
#[component]
pub(crate) fn Sections(
    /// The cards.
    sections: Vec<Section>,
) -> impl IntoView {
    let cards = sections.into_iter().map(|section| {
        view! {
            <section class="card">
                <h2>{section.title}</h2>
                {blocks_view(section.blocks)}
            </section>
        }
    });
    view! { <div class="sections">{cards.collect_view()}</div> }
}

/// What stands in a card.
pub(crate) fn blocks_view(blocks: Vec<Block>) -> AnyView {
    let blocks = blocks.into_iter().map(block_view);
    blocks.collect::<Vec<AnyView>>().into_any()
}

fn block_view(block: Block) -> AnyView {
    match block {
        Block::Title(title) => view! { <h3>{title}</h3> }.into_any(),
        Block::Text(text, look) => view! { <p class=class_of(look)><Text text /></p> }.into_any(),
        Block::Table(table) => table_view(table),
        Block::Columns(columns) => {
            let columns = columns.into_iter().map(column_view);
            view! { <div class="columns" aria-hidden="true">{columns.collect_view()}</div> }
                .into_any()
        }
        Block::Facts(facts) => {
            let facts = facts.into_iter().map(|[label, value]| {
                view! { <div><dt>{label}</dt><dd><Text text=value /></dd></div> }
            });
            view! { <dl class="facts">{facts.collect_view()}</dl> }.into_any()
        }
        Block::Fold(summary, blocks) => view! {
            <details>
                <summary>{summary}</summary>
                {blocks_view(blocks)}
            </details>
        }
        .into_any(),
    }
}

/// A column on a desk, a bar on a phone: the style decides which.
fn column_view(column: Column) -> impl IntoView {
    let class = match column.look {
        Look::Bad => "column below",
        Look::Doubtful => "column unproven",
        Look::Plain | Look::Hint | Look::Good => "column",
    };
    let percent = |place: f64| format!("{place:.2}%");
    let (zero, from, size) = (
        percent(column.zero),
        percent(column.from),
        percent(column.size),
    );
    view! {
        <div class=class>
            <span>{column.number}</span>
            <i style=("--zero", zero)><i style=("--from", from) style=("--size", size)></i></i>
            <span>{column.label}</span>
        </div>
    }
}

fn class_of(look: Look) -> &'static str {
    match look {
        Look::Plain => "",
        Look::Hint => "hint",
        Look::Good => "verdict good",
        Look::Doubtful => "verdict none",
        Look::Bad => "verdict bad",
    }
}
