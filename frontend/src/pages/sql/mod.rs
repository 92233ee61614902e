//! Questions to the published tables: an editor, the tables' columns, questions to begin with, and the answer.

mod answer;
mod complete;
mod desk;
mod editor;
mod plot;
mod rows;
mod sheet;
mod sides;

use leptos::prelude::*;
use shared::api::GetTables;

use self::answer::Outcome;
use self::desk::Desk;
use self::editor::Editor;
use self::sides::{History, Questions, Schema};
use super::nothing_yet::NothingYet;
use crate::address::Address;
use crate::components::SyntheticLabel;
use crate::load::{Load, use_get};
use crate::{browser, chart};

/// `/sql`.
#[component]
pub(crate) fn SqlPage() -> impl IntoView {
    browser::set_title("SQL");
    chart::preload();
    let desk = Desk::open(Address::get());
    let tables = use_get(|| GetTables);
    view! {
        <h1>"SQL"</h1>
        <SyntheticLabel />
        <Load
            source=tables
            name="list of tables"
            empty=|| view! { <NothingYet /> }
            ready=move |tables| view! {
                <div class="sql">
                    <div class="sections">
                        <Editor desk tables=tables.to_vec() />
                        <Outcome desk />
                    </div>
                    <div class="sections">
                        <Questions desk />
                        <Schema desk tables=tables.to_vec() />
                        <History desk />
                    </div>
                </div>
            }
        />
    }
}
