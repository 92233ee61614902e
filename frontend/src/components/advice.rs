//! A failure on the page: what failed, why, what to do, and a button that tries again.

use leptos::prelude::*;
use shared::problem::Problem;

use super::text::Text;
use crate::format::sentence;

/// Shows a problem.
#[component]
pub(crate) fn Advice(
    /// What went wrong.
    problem: Problem,
    /// What failed, for the reader.
    title: String,
    /// Tries again.
    retry: impl Fn() + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <section class="notice notice-failure" role="alert">
            <h2>{title}</h2>
            <p><Text text=sentence(&problem.message) /></p>
            <p><Text text=sentence(&problem.advice) /></p>
            <button type="button" on:click=move |_| retry()>"Try again"</button>
        </section>
    }
}
