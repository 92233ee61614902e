//! Assay's dashboard: says what gold is worth, why, and how sure the model is.

#![expect(
    unreachable_pub,
    reason = "Leptos' `#[component]` writes `pub` items of its own"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a component owns its properties"
)]

mod address;
mod api;
mod app;
mod browser;
mod chart;
mod components;
mod figures;
mod live;
mod load;
mod notice;
mod pages;
mod url_state;
mod words;

#[cfg(test)]
mod example;

use shared::format;

/// Starts the program of the first view.
pub fn start_home() {
    console_error_panic_hook::set_once();
    // A task of its own: together with what the browser did to load the program, a phone would not answer for half a second.
    browser::next_task(app::start_home);
}

/// Starts the program that has every page.
pub fn start_desk() {
    console_error_panic_hook::set_once();
    app::start_desk();
}
