//! An address that leads nowhere.

use leptos::prelude::*;

use crate::browser;

/// Says so, and leads back.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    browser::set_title("No such page");
    view! {
        <h1>"There is no such page"</h1>
        <p>"The address may be mistyped. " <a href="/">"See what gold is worth"</a> "."</p>
    }
}
