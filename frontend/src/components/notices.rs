//! Notices above the answer, and the labels that say what kind of data and preset it rests on.

use leptos::prelude::*;
use shared::headline::labels;

use super::text::Text;
use crate::live::Live;
use crate::notice::{Notice, Tone};

/// Shows notices, worst first.
#[component]
pub(crate) fn Notices(
    /// The notices.
    notices: Vec<Notice>,
) -> impl IntoView {
    notices
        .into_iter()
        .map(|notice| {
            let (class, word) = match notice.tone {
                Tone::Failure => ("notice notice-failure", "Failed"),
                Tone::Warning => ("notice notice-warning", "Warning"),
            };
            let lines = notice
                .lines
                .into_iter()
                .map(|line| view! { <li><Text text=line /></li> });
            view! {
                <section class=class>
                    <h2><span class="visually-hidden">{word} ": "</span>{notice.title}</h2>
                    <ul>{lines.collect_view()}</ul>
                </section>
            }
        })
        .collect_view()
}

/// Says that the data is made up, and that a preset looks ahead. Nothing for real data and an honest preset.
#[component]
pub(crate) fn Labels(
    /// Whether the inputs came from the synthetic market.
    synthetic: bool,
    /// Why the preset uses values before they could be known.
    look_ahead: Option<String>,
) -> impl IntoView {
    let labels = labels(synthetic, look_ahead.as_deref());
    let lines = labels.into_iter().map(|label| {
        view! {
            <li>
                <strong class=format!("label label-{}", label.kind)>{label.title}</strong>
                <span>{label.text}</span>
            </li>
        }
    });
    let lines: Vec<_> = lines.collect();
    (!lines.is_empty()).then(|| view! { <ul class="labels">{lines}</ul> })
}

/// [`Labels`] of the published run, for pages that show more than one run's numbers.
#[component]
pub(crate) fn SyntheticLabel() -> impl IntoView {
    let live = Live::get();
    let synthetic = Memo::new(move |_| live.status.data().is_some_and(|status| status.synthetic));
    move || view! { <Labels synthetic=synthetic.get() look_ahead=None /> }
}
