//! Questions to the published tables.

use leptos::prelude::*;
use shared::api::GetNamedQueries;
use shared::query::NamedQuery;

use super::nothing_yet::NothingYet;
use crate::browser;
use crate::load::{Load, use_get};

/// `/sql`.
#[component]
pub(crate) fn SqlPage() -> impl IntoView {
    browser::set_title("SQL");
    let source = use_get(|| GetNamedQueries);
    view! {
        <h1>"SQL"</h1>
        <Load
            source
            name="list of questions"
            empty=|| view! { <NothingYet /> }
            ready=|questions| {
                let each = questions.iter().cloned().map(|one| view! { <Question one /> });
                view! { <div class="sections">{each.collect_view()}</div> }
            }
        />
    }
}

#[component]
fn Question(one: NamedQuery) -> impl IntoView {
    view! {
        <section class="card">
            <h2>{one.title}</h2>
            <pre class="scroll" tabindex="0" role="group" aria-label="Statement"><code>{one.sql}</code></pre>
        </section>
    }
}
