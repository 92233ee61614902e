//! The field for the question: Ctrl-Enter asks, names are completed; the Tab key is taken only while names are offered.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use shared::api::TableSchema;

use super::complete::{Suggestion, byte_of, suggest, word_before};
use super::desk::{Asked, Desk};

/// The list of names, for assistive technology.
const NAMES: &str = "sql-names";

/// The names that are offered, and which of them is picked.
#[derive(Clone, Copy)]
struct Offer {
    names: RwSignal<Vec<Suggestion>>,
    picked: RwSignal<usize>,
}

impl Offer {
    fn set(self, names: Vec<Suggestion>) {
        self.picked.set(0);
        self.names.set(names);
    }

    fn is_open(self) -> bool {
        !self.names.read_untracked().is_empty()
    }

    fn step(self, by: usize) {
        let count = self.names.read_untracked().len();
        self.picked
            .update(|picked| *picked = (*picked + by) % count.max(1));
    }
}

/// The card with the editor.
#[component]
pub(super) fn Editor(desk: Desk, tables: Vec<TableSchema>) -> impl IntoView {
    let offer = Offer {
        names: RwSignal::new(Vec::new()),
        picked: RwSignal::new(0),
    };
    let input = move |_| {
        let Some(field) = desk.field.get_untracked() else {
            return;
        };
        desk.text.set(field.value());
        let text = field.value();
        let cursor = field.selection_start().ok().flatten().unwrap_or_default();
        let (_, word) = word_before(&text, byte_of(&text, cursor));
        offer.set(suggest(&text, word, &tables));
    };
    let waiting = move || matches!(*desk.asked.read(), Asked::Waiting);
    let open = move || !offer.names.read().is_empty();
    let active = move || open().then(|| format!("{NAMES}-{}", offer.picked.get()));
    let lines = move || desk.text.read().lines().count().clamp(6, 24).to_string();
    view! {
        <section class="card sql-card" aria-labelledby="question">
            <h2 id="question"><label for="sql-text">"Question"</label></h2>
            <div class="sql-field">
                <textarea
                    id="sql-text"
                    node_ref=desk.field
                    rows=lines
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    aria-autocomplete="list"
                    aria-controls=move || open().then_some(NAMES)
                    aria-activedescendant=active
                    aria-describedby="sql-keys"
                    prop:value=desk.text
                    on:input=input
                    on:keydown=move |event| key(&event, desk, offer)
                    on:blur=move |_| offer.set(Vec::new())
                ></textarea>
                <ul id=NAMES role="listbox" aria-label="Names" class="sql-names" hidden=move || !open()>
                    {move || names(desk, offer)}
                </ul>
            </div>
            <div class="card-header">
                <button type="button" class="primary" aria-disabled=move || waiting().to_string() on:click=move |_| desk.ask()>
                    {move || if waiting() { "Asking…" } else { "Ask" }}
                </button>
                <p class="hint" id="sql-keys">
                    <kbd>"Ctrl"</kbd> " " <kbd>"Enter"</kbd> " asks. While names are offered, arrows and " <kbd>"Tab"</kbd>
                    " take one, " <kbd>"Esc"</kbd> " closes the list. Only reading is possible."
                </p>
            </div>
        </section>
    }
}

fn names(desk: Desk, offer: Offer) -> impl IntoView + use<> {
    let names = offer.names.get().into_iter().enumerate();
    let lines = names.map(|(place, name)| {
        let selected = move || (offer.picked.get() == place).to_string();
        // Before the field loses the focus, which closes the list.
        let take = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            offer.picked.set(place);
            complete(desk, offer);
        };
        view! {
            <li role="option" id=format!("{NAMES}-{place}") aria-selected=selected on:mousedown=take>
                <code>{name.text}</code> " " <small>{name.about}</small>
            </li>
        }
    });
    lines.collect_view()
}

fn key(event: &KeyboardEvent, desk: Desk, offer: Offer) {
    let is_open = offer.is_open();
    match event.key().as_str() {
        "Enter" if event.ctrl_key() || event.meta_key() => {
            offer.set(Vec::new());
            desk.ask();
        }
        "Escape" if is_open => offer.set(Vec::new()),
        "ArrowDown" if is_open => offer.step(1),
        "ArrowUp" if is_open => offer.step(offer.names.read_untracked().len() - 1),
        "Tab" if is_open && !event.shift_key() => complete(desk, offer),
        _ => return,
    }
    event.prevent_default();
}

/// Puts the picked name in the place of the word before the cursor.
fn complete(desk: Desk, offer: Offer) {
    let picked = offer
        .names
        .read_untracked()
        .get(offer.picked.get_untracked())
        .cloned();
    let (Some(name), Some(field)) = (picked, desk.field.get_untracked()) else {
        return;
    };
    let text = field.value();
    let cursor = field.selection_start().ok().flatten().unwrap_or_default();
    let (start, word) = word_before(&text, byte_of(&text, cursor));
    let end = start + word.len();
    let written = format!("{}{}{}", &text[..start], name.text, &text[end..]);
    let after = written[..start + name.text.len()].encode_utf16().count() as u32;
    field.set_value(&written);
    desk.text.set(written);
    field.set_selection_range(after, after).ok();
    offer.set(Vec::new());
}
