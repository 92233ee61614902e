//! The shell around every page: header, navigation, progress of a run, footer; and which address shows which page.
//!
//! Two programs share it: `home` has the first view alone, so that a reader who wants one answer loads little; `desk` has
//! every page. Between the two the browser navigates; inside the desk, links are followed without loading anything anew.

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::address;
use crate::components::{AsOf, EarlierDay, RunControl, RunProgress, ThemeChoice};
use crate::live::Live;
use crate::pages::{
    DataPage, DriversPage, ModelPage, NotFoundPage, RunsPage, SqlPage, ValuationPage, WhatIfPage,
};
use crate::url_state::Page;
use crate::{browser, live};

/// The element that takes the focus when a page opens.
const MAIN: &str = "main";

/// A program of the dashboard: the pages that it holds.
#[derive(Clone, Copy)]
struct Program {
    opens: fn(Page) -> bool,
    view: fn(Option<Page>) -> AnyView,
}

/// The first view.
pub(crate) fn start_home() {
    start(Program {
        opens: |page| page == Page::Valuation,
        view: |_| view! { <ValuationPage /> }.into_any(),
    });
}

/// Every page.
pub(crate) fn start_desk() {
    start(Program {
        opens: |_| true,
        view: |page| match page {
            Some(Page::Valuation) => view! { <ValuationPage /> }.into_any(),
            Some(Page::Drivers) => view! { <DriversPage /> }.into_any(),
            Some(Page::WhatIf) => view! { <WhatIfPage /> }.into_any(),
            Some(Page::Model) => view! { <ModelPage /> }.into_any(),
            Some(Page::Data) => view! { <DataPage /> }.into_any(),
            Some(Page::Runs) => view! { <RunsPage /> }.into_any(),
            Some(Page::Sql) => view! { <SqlPage /> }.into_any(),
            None => view! { <NotFoundPage /> }.into_any(),
        },
    });
}

/// Makes the dashboard apart, then puts it in the place that the HTML keeps for it.
fn start(program: Program) {
    let Some(place) = document().get_element_by_id("app") else {
        return;
    };
    let made = place.clone_node().map(JsCast::dyn_into);
    let Ok(Ok(made)) = made else {
        return;
    };
    let made: web_sys::HtmlElement = made;
    // An element that never had the attribute can lose it too.
    made.remove_attribute("aria-busy").ok();
    let at_hand = browser::has_first_answer();
    mount_to(made.clone(), move || view! { <App program /> }).forget();
    show(place, made, at_hand);
}

/// Shows what was made. Where the answer is `at_hand`, what the HTML has painted of it stays until the program shows it too.
fn show(place: web_sys::Element, made: web_sys::HtmlElement, at_hand: bool) {
    if at_hand && matches!(made.query_selector(".waiting"), Ok(Some(_))) {
        return browser::next_task(move || show(place, made, at_hand));
    }
    place.replace_with_with_node_1(&made).ok();
    browser::tell_shown();
}

#[component]
fn App(program: Program) -> impl IntoView {
    let address = address::provide(program.opens);
    live::provide();
    let page = Memo::new(move |_| address.page());
    focus_opened_page(page);
    show_link_of(page);
    let open = move || (program.view)(page.get());
    view! {
        <a class="skip" href="#main">"Skip to the content"</a>
        <Header page />
        <RunProgress />
        <EarlierDay />
        <main id=MAIN tabindex="-1">{open}</main>
        <Footer />
    }
}

#[component]
fn Header(page: Memo<Option<Page>>) -> impl IntoView {
    let links = Page::ALL.map(|one| {
        let current = move || (page.get() == Some(one)).then_some("page");
        view! { <a href=one.path() aria-current=current>{one.title()}</a> }
    });
    view! {
        <header class="shell-header">
            <a href="/" class="brand">
                <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
                    <path d="M4 25 16 6l12 19z" fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round" />
                    <path d="M9.5 19.5h13" stroke="currentColor" stroke-width="3" />
                </svg>
                "Assay"
            </a>
            <nav aria-label="Pages">{links.collect_view()}</nav>
            // js/late.js opens the palette.
            <button type="button" class="palette-opener" data-palette="" aria-keyshortcuts="Control+K">
                <span aria-hidden="true">"⌕"</span>
                <span class="visually-hidden">"Search and commands"</span>
            </button>
            <AsOf />
            <RunControl />
        </header>
    }
}

/// A page that opens takes the focus, so that keyboard and screen reader start at its top. The first one does not: it has it.
fn focus_opened_page(page: Memo<Option<Page>>) {
    Effect::new(move |before: Option<Option<Page>>| {
        let now = page.get();
        if before.is_some_and(|before| before != now) {
            browser::focus(MAIN);
        }
        now
    });
}

/// Where the links to the pages do not fit side by side, that of the open page is moved into sight.
fn show_link_of(page: Memo<Option<Page>>) {
    Effect::new(move |_| {
        page.track();
        browser::after_paint(|| browser::scroll_to("nav [aria-current]"));
    });
}

#[component]
fn Footer() -> impl IntoView {
    let live = Live::get();
    // A server that does not answer takes nothing back.
    let synthetic = Memo::new(move |before: Option<&Option<bool>>| {
        let status = live.status.data();
        status.map_or_else(
            || before.copied().flatten(),
            |status| Some(status.synthetic),
        )
    });
    let source = move || match synthetic.get() {
        Some(true) => "Data: a synthetic market. Nothing here is a real price.",
        Some(false) => {
            "Data: Alpha Vantage and FRED®. This product uses the FRED® API but is not endorsed or certified by the Federal \
            Reserve Bank of St. Louis."
        }
        None => "",
    };
    view! {
        <footer class="shell-footer">
            <ThemeChoice />
            <p>"A model's estimate, not investment advice."</p>
            <p>
                "Charts: Lightweight Charts™, Copyright © 2026 TradingView, Inc. "
                <a href="https://www.tradingview.com/" rel="noopener">"tradingview.com"</a>
            </p>
            <p>{source}</p>
        </footer>
    }
}
