//! Price against the model's value over the test window: drawn, told in a sentence, walked by keys, and as a table.

mod bindings;
mod columns;
mod readout;
mod table;

use std::sync::Arc;

use js_sys::Float64Array;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::snapshot::Snapshot;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

pub(crate) use bindings::preload;

use crate::url_state::Range;
use crate::{format, words};
use bindings::Drawing;
use columns::{Columns, step};
use readout::Readout;
use table::DayTable;

/// A drawing with the ear that it speaks to; they end together.
struct Open {
    drawing: Drawing,
    _on_point: Closure<dyn Fn(Option<u32>)>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.drawing.close();
    }
}

/// What the parts of a chart share.
#[derive(Clone, Copy)]
struct Parts {
    host: NodeRef<Div>,
    open: StoredValue<Option<Open>, LocalStorage>,
    /// The day under the pointer or the keys.
    pointed: RwSignal<Option<usize>>,
    failed: RwSignal<bool>,
    /// The first day in view.
    first: Memo<usize>,
}

/// The chart of a run's test window.
#[component]
pub(crate) fn ValuationChart(
    /// The run.
    snapshot: Arc<Snapshot>,
    /// How much of it to show.
    range: Signal<Range>,
) -> impl IntoView {
    let days: Vec<_> = snapshot.history.iter().map(|row| row.date).collect();
    let parts = Parts {
        host: NodeRef::new(),
        open: StoredValue::new_local(None),
        pointed: RwSignal::new(None),
        failed: RwSignal::new(false),
        first: Memo::new(move |_| range.get().first_row(&days)),
    };
    draw(parts, Arc::clone(&snapshot));
    let newest = snapshot.history.len().saturating_sub(1);
    let index = Memo::new(move |_| parts.pointed.get().unwrap_or(newest));
    let summary = {
        let snapshot = Arc::clone(&snapshot);
        move || {
            let rows = snapshot.history.get(parts.first.get()..);
            words::chart_summary(rows.unwrap_or_default(), &snapshot.unit)
        }
    };
    view! {
        <Readout snapshot=Arc::clone(&snapshot) index />
        <Canvas snapshot=Arc::clone(&snapshot) parts index />
        <p class="chart-summary">{summary}</p>
        <DayTable snapshot first=parts.first />
    }
}

/// The drawing's place. For assistive technology it is a slider along the days, which reads out the day it stands on.
#[component]
fn Canvas(snapshot: Arc<Snapshot>, parts: Parts, index: Memo<usize>) -> impl IntoView {
    let length = snapshot.history.len();
    let newest = length.saturating_sub(1);
    let spoken = move || {
        let row = snapshot.history.get(index.get())?;
        Some(words::day(row, &snapshot.unit))
    };
    let walk = move |event: KeyboardEvent| {
        if let Some(to) = step(&event.key(), index.get_untracked(), length) {
            event.prevent_default();
            point(parts, Some(to));
        } else if event.key() == "Escape" {
            point(parts, None);
        }
    };
    view! {
        <div
            class="chart"
            class:chart-failed=parts.failed
            node_ref=parts.host
            tabindex="0"
            role="slider"
            aria-label="Price and model's value by day; arrow keys move from day to day"
            aria-valuemin="0"
            aria-valuemax=newest
            aria-valuenow=index
            aria-valuetext=spoken
            on:keydown=walk
            on:blur=move |_| point(parts, None)
        ></div>
        <Show when=move || parts.failed.get()>
            <p class="hint">"The chart could not be drawn. The table below has all its numbers."</p>
        </Show>
    }
}

/// Moves the crosshair, and what is read out with it.
fn point(parts: Parts, to: Option<usize>) {
    parts.pointed.set(to);
    parts.open.with_value(|open| match (open, to) {
        (Some(open), Some(index)) => open.drawing.select(index),
        (Some(open), None) => open.drawing.unselect(),
        (None, _) => {}
    });
}

/// Opens the drawing when its place is on the page, follows the range, and closes it with the page.
fn draw(parts: Parts, snapshot: Arc<Snapshot>) {
    Effect::new(move |_| {
        let Some(host) = parts.host.get() else {
            return;
        };
        let snapshot = Arc::clone(&snapshot);
        spawn_local(async move {
            let on_point = Closure::<dyn Fn(Option<u32>)>::new(move |index: Option<u32>| {
                parts.pointed.try_set(index.map(|index| index as usize));
            });
            let Columns {
                times,
                prices,
                valuations,
                lowers,
                uppers,
            } = Columns::of(&snapshot.history);
            let [times, prices, valuations, lowers, uppers] =
                [times, prices, valuations, lowers, uppers]
                    .map(|column| Float64Array::from(column.as_slice()));
            let symbol = format::symbol(&snapshot.unit);
            let opened = bindings::open(
                &host, symbol, times, prices, valuations, lowers, uppers, &on_point,
            );
            match opened.await {
                Ok(drawing) => keep(parts, drawing.unchecked_into(), on_point),
                Err(_) => {
                    parts.failed.try_set(true);
                }
            }
        });
    });
    Effect::new(move |_| {
        let first = parts.first.get();
        parts.open.with_value(|open| {
            if let Some(open) = open {
                open.drawing.show(first);
            }
        });
    });
}

/// Keeps a drawing that is ready. If the reader has left meanwhile, it is dropped, which closes it.
fn keep(parts: Parts, drawing: Drawing, on_point: Closure<dyn Fn(Option<u32>)>) {
    if let Some(first) = parts.first.try_get_untracked() {
        drawing.show(first);
    }
    let open = Open {
        drawing,
        _on_point: on_point,
    };
    parts.open.try_set_value(Some(open));
}
