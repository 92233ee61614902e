//! Text with commands and settings in backticks, as messages and advice carry them.

use leptos::prelude::*;

use crate::format::code_spans;

/// Shows a text, what stands in backticks as code.
#[component]
pub(crate) fn Text(
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    code_spans(&text)
        .map(|(is_code, part)| {
            let part = part.to_owned();
            if is_code {
                view! { <code>{part}</code> }.into_any()
            } else {
                part.into_any()
            }
        })
        .collect_view()
}
