//! The browser's own things, each asked for in this file only: its clock, its storage, the page's title and focus.

use std::time::Duration;

use chrono::{DateTime, Utc};
use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, HtmlElement};

/// Where the reader's choice of theme is kept; `js/theme.js` reads it before the first paint.
const THEME_KEY: &str = "assay-theme";
/// Tells `js/theme.js` that the choice has changed.
const THEME_EVENT: &str = "assay:theme";

/// Where `js/first.js` leaves the answer that it has fetched.
const FIRST_KEY: &str = "assayFirst";
/// Tells `js/boot.js` that the program has taken the place of what the HTML painted.
const SHOWN_EVENT: &str = "assay:shown";

/// Where `js/sign_in.js` keeps the token.
const BEARER_KEY: &str = "assay-bearer";
/// Tells `js/sign_in.js` that the token is forgotten.
const SIGNED_OUT_EVENT: &str = "assay:signed-out";

/// The instant by the browser's clock.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

/// The instant, renewed twice a minute, so that "5 minutes ago" stays true.
pub(crate) fn use_now() -> ReadSignal<DateTime<Utc>> {
    let (read, write) = signal(now());
    let renew = move || {
        write.try_set(now());
    };
    if let Ok(timer) = set_interval_with_handle(renew, Duration::from_secs(30)) {
        on_cleanup(move || timer.clear());
    }
    read
}

/// Sets the page's title: what is open, then the name of the product.
pub(crate) fn set_title(open: &str) {
    document().set_title(&format!("{open} · Assay"));
}

/// Copies a link to one of our pages, given as path and query; `false` where the browser does not allow it.
pub(crate) async fn copy(link: &str) -> bool {
    let Ok(origin) = window().location().origin() else {
        return false;
    };
    // Browsers have no clipboard on pages that did not come over a safe way.
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into());
    let Some(clipboard) = clipboard.ok().filter(|found| !found.is_undefined()) else {
        return false;
    };
    let clipboard: web_sys::Clipboard = clipboard.unchecked_into();
    JsFuture::from(clipboard.write_text(&format!("{origin}{link}")))
        .await
        .is_ok()
}

/// Whether `js/first.js` has fetched an answer that nobody has taken.
pub(crate) fn has_first_answer() -> bool {
    Reflect::get(&window(), &FIRST_KEY.into()).is_ok_and(|first| first.is_object())
}

/// The answer from `path`, if `js/first.js` has fetched it already; once.
pub(crate) fn first_answer(path: &str) -> Option<JsValue> {
    let (window, key) = (window(), JsValue::from_str(FIRST_KEY));
    let first = Reflect::get(&window, &key).ok()?;
    let of = Reflect::get(&first, &JsValue::from_str("path")).ok()?;
    if of.as_string()? != path {
        return None;
    }
    Reflect::set(&window, &key, &JsValue::UNDEFINED).ok()?;
    Reflect::get(&first, &JsValue::from_str("body")).ok()
}

/// Calls `then` once the browser has had its turn.
pub(crate) fn next_task(then: impl FnOnce() + 'static) {
    set_timeout(then, Duration::ZERO);
}

/// Calls `then` when what is on the page now has been painted.
pub(crate) fn after_paint(then: impl FnOnce() + 'static) {
    // A frame's callbacks come before it is painted, what they queue comes after.
    request_animation_frame(move || set_timeout(then, Duration::ZERO));
}

/// Moves the focus to an element, so that a keyboard goes on from there.
pub(crate) fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // A page that cannot take the focus is still readable.
        element.focus().ok();
    }
}

/// Scrolls the page until an element is at its top; the focus stays where it is.
pub(crate) fn show(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view();
    }
}

/// Scrolls a row of elements sideways until the one that fits `selector` is in its middle.
pub(crate) fn scroll_to(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    let Some(one) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let row = one.parent_element().map(JsCast::dyn_into);
    if let Some(Ok(row)) = row {
        let row: HtmlElement = row;
        let spare = row.client_width() - one.offset_width();
        row.set_scroll_left(one.offset_left() - row.offset_left() - spare / 2);
    }
}

/// The theme that the reader chose, if any; without one the system decides.
pub(crate) fn chosen_theme() -> Option<String> {
    storage()?.get_item(THEME_KEY).ok().flatten()
}

/// Keeps the choice and applies it. `None` hands the choice back to the system.
pub(crate) fn choose_theme(theme: Option<&str>) {
    if let Some(storage) = storage() {
        // Where storage is forbidden the choice lasts as long as the page.
        match theme {
            Some(theme) => storage.set_item(THEME_KEY, theme).ok(),
            None => storage.remove_item(THEME_KEY).ok(),
        };
    }
    tell(THEME_EVENT);
}

/// The token of a reader who has signed in (`js/sign_in.js` keeps it as long as the tab), to be sent with what acts.
pub(crate) fn bearer() -> Option<String> {
    window()
        .session_storage()
        .ok()
        .flatten()?
        .get_item(BEARER_KEY)
        .ok()
        .flatten()
}

/// Whether readers of this server sign in: `js/sign_in.js` has put its button there.
pub(crate) fn offers_sign_in() -> bool {
    matches!(document().query_selector(".sign-in"), Ok(Some(_)))
}

/// Forgets a token that the server does not take any more; `js/sign_in.js` then offers to sign in again.
pub(crate) fn sign_out() {
    if bearer().is_none() {
        return;
    }
    if let Ok(Some(storage)) = window().session_storage() {
        storage.remove_item(BEARER_KEY).ok();
    }
    tell(SIGNED_OUT_EVENT);
}

/// Tells the page's scripts that the program has taken the place of what the HTML painted.
pub(crate) fn tell_shown() {
    tell(SHOWN_EVENT);
}

fn tell(event: &str) {
    if let Ok(event) = Event::new(event) {
        window().dispatch_event(&event).ok();
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// A text that this browser keeps for the dashboard.
pub(crate) fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps a text; `None` forgets it. A browser that keeps nothing is no failure.
pub(crate) fn keep(name: &str, text: Option<&str>) {
    let Some(storage) = storage() else {
        return;
    };
    match text {
        Some(text) => storage.set_item(name, text).ok(),
        None => storage.remove_item(name).ok(),
    };
}

/// Offers a file to the reader, as a click on a link to it would.
pub(crate) fn save(file: &web_sys::Blob, name: &str) -> Option<()> {
    let url = web_sys::Url::create_object_url_with_blob(file).ok()?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url).ok()
}
