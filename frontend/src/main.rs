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
mod format;
mod live;
mod load;
mod notice;
mod pages;
mod url_state;
mod words;

#[cfg(test)]
mod example;

fn main() {
    console_error_panic_hook::set_once();
    app::start();
}
