//! Buttons of which one is pressed: a choice that stands in the address.

use leptos::prelude::*;

use crate::address::Address;

/// One choice: its word in the address (none for the default) and the words on its button.
pub(crate) type Choice = (Option<&'static str>, String);

/// The choices under `key`, of which the one at the place `chosen` is pressed.
#[component]
pub(crate) fn Choices(
    /// What is chosen, for assistive technology.
    label: &'static str,
    /// The name in the address.
    key: &'static str,
    /// The choices in their order.
    choices: Vec<Choice>,
    /// The place of the one that holds.
    chosen: Signal<usize>,
) -> impl IntoView {
    let address = Address::get();
    let buttons = choices
        .into_iter()
        .enumerate()
        .map(|(place, (word, text))| {
            let pressed = move || (chosen.get() == place).to_string();
            let pick = move |_| address.choose(key, word);
            view! {
                <button type="button" aria-pressed=pressed on:click=pick>
                    {text}
                </button>
            }
        });
    view! { <div class="choices" role="group" aria-label=label>{buttons.collect_view()}</div> }
}
