//! A run with choices: preset, grid and the day whose knowledge it uses.

use chrono::NaiveDate;
use leptos::ev::SubmitEvent;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{GetPresets, PostRun, PresetChoice, StartRun};
use shared::problem::Problem;

use crate::components::Text;
use crate::live::Live;
use crate::load::{Load, use_get};
use crate::{api, browser, format};

/// The button that opens the dialog, and the dialog.
#[component]
pub(super) fn StartDialog() -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let source = use_get(|| GetPresets);
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            // A dialog that is open already stays so.
            dialog.show_modal().ok();
        }
    };
    view! {
        <button type="button" on:click=open>"Start a run with choices…"</button>
        <dialog node_ref=dialog class="card" aria-labelledby="start-title">
            <h2 id="start-title">"Start a run"</h2>
            <Load
                source
                name="list of presets"
                empty=|| ()
                ready=move |presets| view! { <Choices presets=presets.to_vec() dialog /> }
            />
        </dialog>
    }
}

#[component]
fn Choices(presets: Vec<PresetChoice>, dialog: NodeRef<Dialog>) -> impl IntoView {
    let live = Live::get();
    let first = presets.first().map(|one| one.name.clone());
    let preset = RwSignal::new(first.unwrap_or_default());
    let grid = RwSignal::new("deployed".to_owned());
    let day = RwSignal::new(String::new());
    let token = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<Problem>);
    let presets = StoredValue::new(presets);
    let chosen = Memo::new(move |_| {
        let name = preset.get();
        presets.with_value(|all| all.iter().find(|one| one.name == name).cloned())
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let what = StartRun {
            preset: Some(preset.get_untracked()),
            grid: Some(grid.get_untracked()),
            as_of: day.get_untracked().parse::<NaiveDate>().ok(),
        };
        spawn_local(async move {
            let given = token.get_untracked();
            let given = (!given.is_empty()).then_some(given.as_str());
            match api::post::<PostRun>(&what, given).await {
                Ok(started) => {
                    problem.set(None);
                    live.follow(started.attempt_id);
                    close();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    let names = move || {
        presets.get_value().into_iter().map(|one| {
            view! { <option value=one.name.clone()>{format!("{} ({})", one.title, one.name)}</option> }
        }).collect_view()
    };
    let grids = move || {
        let grids = chosen.get().map(|one| one.grids).unwrap_or_default();
        let options = grids.into_iter().map(|name| {
            let selected = *grid.read_untracked() == name;
            view! { <option value=name.clone() selected=selected>{name.clone()}</option> }
        });
        options.collect_view()
    };
    let ahead = move || {
        chosen
            .get()?
            .look_ahead
            .map(|why| view! { <p class="hint">{format::sentence(&why)}</p> })
    };
    let trouble = move || {
        problem.get().map(|one| {
            let text = format!("{} {}", format::sentence(&one.message), format::sentence(&one.advice));
            let asks = api::asks_token(&one);
            view! {
                <p role="alert" class="notice notice-failure"><Text text /></p>
                {asks.then(|| view! {
                    <p class="field">
                        <label for="start-token">"Token"</label>
                        <input id="start-token" type="password" autocomplete="off" bind:value=token />
                    </p>
                })}
            }
        })
    };
    view! {
        <form on:submit=submit class="start-form">
            <p class="field">
                <label for="start-preset">"Preset"</label>
                <select id="start-preset" prop:value=preset on:change=move |event| {
                    preset.set(event_target_value(&event));
                    grid.set("deployed".to_owned());
                }>{names}</select>
            </p>
            {ahead}
            <p class="field">
                <label for="start-grid">"Grid: how many parameters are tried"</label>
                <select id="start-grid" on:change=move |event| grid.set(event_target_value(&event))>{grids}</select>
            </p>
            <p class="field">
                <label for="start-day">"As of (empty: today)"</label>
                <input id="start-day" type="date" max=browser::now().date_naive().to_string() bind:value=day />
            </p>
            {trouble}
            <div class="fields">
                <button type="submit" class="primary">"Start"</button>
                <button type="button" on:click=move |_| close()>"Cancel"</button>
            </div>
        </form>
    }
}
