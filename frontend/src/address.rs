//! The page's address: which page is open and what the reader chose there. Links and the browser's buttons work on it.
//!
//! A router of our own, because the addresses are flat and few: `leptos_router` would be a fifth of the page's program
//! (42 kB of 197 kB in brotli).

use std::str::FromStr;

use chrono::NaiveDate;
use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement};

use crate::url_state::{self, Page};

/// The name of the day whose knowledge every page shows.
pub(crate) const AS_OF: &str = "as_of";

/// The address as signals. Copied freely; lives as long as the app.
#[derive(Clone, Copy)]
pub(crate) struct Address {
    path: RwSignal<String>,
    query: RwSignal<String>,
}

impl Address {
    /// The one of this app; see [`provide`].
    pub(crate) fn get() -> Self {
        expect_context()
    }

    /// The page that is open; `None` where the address leads nowhere.
    pub(crate) fn page(self) -> Option<Page> {
        Page::at(&self.path.read())
    }

    /// What the reader chose under `key`; the default where nothing or nonsense stands there.
    pub(crate) fn choice<T: FromStr + Default>(self, key: &str) -> T {
        let query = self.query.read();
        let word = url_state::value(&query, key);
        word.and_then(|word| word.parse().ok()).unwrap_or_default()
    }

    /// What stands under `key`.
    pub(crate) fn word(self, key: &str) -> Option<String> {
        url_state::value(&self.query.read(), key).map(str::to_owned)
    }

    /// The day whose knowledge every page shows; none: the newest run's.
    pub(crate) fn as_of(self) -> Option<NaiveDate> {
        self.word(AS_OF)?.parse().ok()
    }

    /// The same where it is before the newest run's, as far as that is known.
    pub(crate) fn earlier_than(self, newest: Option<NaiveDate>) -> Option<NaiveDate> {
        let day = self.as_of()?;
        newest.is_none_or(|newest| day < newest).then_some(day)
    }

    /// Notes a choice in the address, in the place of the one before; `None` is the default, which needs no word.
    pub(crate) fn choose(self, key: &str, word: Option<&str>) {
        let query = url_state::with_value(&self.query.read_untracked(), key, word);
        let url = format!("{}{query}", self.path.read_untracked());
        if let Ok(history) = window().history() {
            // A choice that the browser refuses to note (it limits how often) still holds on the page.
            history
                .replace_state_with_url(&JsValue::NULL, "", Some(&url))
                .ok();
        }
        self.query.set(query);
    }

    /// Path and query that show the same when `newest`, the newest run's day, is no longer the newest.
    pub(crate) fn lasting_link(self, newest: Option<NaiveDate>) -> String {
        let day = untrack(|| self.as_of())
            .or(newest)
            .map(|day| day.to_string());
        let query = url_state::with_value(&self.query.read_untracked(), AS_OF, day.as_deref());
        format!("{}{query}", self.path.read_untracked())
    }

    fn read_from_browser(self) {
        let location = window().location();
        self.path.set(location.pathname().unwrap_or_default());
        self.query.set(location.search().unwrap_or_default());
    }

    /// A link's query with the day whose knowledge is shown: it holds on every page.
    fn carried(self, query: &str) -> String {
        let own = self.query.read_untracked();
        match (
            url_state::value(&own, AS_OF),
            url_state::value(query, AS_OF),
        ) {
            (Some(day), None) => url_state::with_value(query, AS_OF, Some(day)),
            _ => query.to_owned(),
        }
    }

    /// Opens one of our pages without loading anything anew.
    fn follow(self, url: &str) {
        let pushed = window()
            .history()
            .and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(url)));
        if pushed.is_ok() {
            self.read_from_browser();
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }
}

/// Offers [`Address`] to everything below, and listens to links and to the browser's buttons. `opens` says which pages
/// this program has: the browser follows a link to any other.
pub(crate) fn provide(opens: fn(Page) -> bool) -> Address {
    let address = Address {
        path: RwSignal::new(String::new()),
        query: RwSignal::new(String::new()),
    };
    address.read_from_browser();
    provide_context(address);
    let back = window_event_listener(ev::popstate, move |_| address.read_from_browser());
    let click = window_event_listener(ev::click, move |event| {
        if let Some((link, page)) = link_to_us(&event) {
            let query = address.carried(&link.search());
            if opens(page) {
                event.prevent_default();
                address.follow(&format!("{}{query}", link.pathname()));
            } else if query != link.search() {
                event.prevent_default();
                let url = format!("{}{query}", link.pathname());
                // What the browser refuses, a second click may do.
                window().location().assign(&url).ok();
            }
        }
    });
    on_cleanup(move || {
        back.remove();
        click.remove();
    });
    address
}

/// The link under a plain click, if it leads to one of our pages. Everything else is the browser's.
fn link_to_us(event: &MouseEvent) -> Option<(HtmlAnchorElement, Page)> {
    let with_key = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || with_key {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = target.closest("a[href]").ok()??.dyn_into().ok()?;
    let same_place = Some(link.origin()) == window().location().origin().ok();
    let plain = link.target().is_empty() && link.hash().is_empty();
    let page = Page::at(&link.pathname()).filter(|_| same_place && plain)?;
    Some((link, page))
}
