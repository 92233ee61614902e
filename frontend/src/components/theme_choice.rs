//! Light, dark, or as the system says.

use leptos::prelude::*;

use crate::browser;

/// The value of the choice that follows the system.
const SYSTEM: &str = "system";

/// The reader's choice of theme, kept in the browser.
#[component]
pub(crate) fn ThemeChoice() -> impl IntoView {
    let chosen = browser::chosen_theme().unwrap_or_else(|| SYSTEM.to_owned());
    let choose = |theme: String| {
        browser::choose_theme((theme != SYSTEM).then_some(theme.as_str()));
    };
    let options = [(SYSTEM, "Auto"), ("light", "Light"), ("dark", "Dark")].map(
        |(value, label)| view! { <option value=value selected=chosen == value>{label}</option> },
    );
    view! {
        <label class="theme-choice">
            "Colours "
            <select on:change:target=move |event| choose(event.target().value())>{options.collect_view()}</select>
        </label>
    }
}
