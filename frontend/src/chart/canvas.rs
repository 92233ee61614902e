//! The place where a chart is drawn, and the keys and pointers that move along its days.

use std::sync::Arc;

use js_sys::Float64Array;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::AbortController;

use super::bindings::{self, Drawing};
use super::keys::step;
use super::plot::{Layer, Plot, Shape};

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

/// The days in view, by the places of the first and the last.
pub(crate) type View = (usize, usize);

/// What the parts of a chart share.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    host: NodeRef<Div>,
    open: StoredValue<Option<Open>, LocalStorage>,
    /// The day under the pointer or the keys.
    pointed: RwSignal<Option<usize>>,
    failed: RwSignal<bool>,
    /// The days in view.
    pub(super) view: Signal<View>,
    /// The day that is read out: the one under the pointer or the keys, or else the newest in view.
    pub(super) index: Memo<usize>,
}

impl Parts {
    /// Of a chart that shows `view`.
    pub(super) fn new(view: Signal<View>) -> Self {
        let pointed = RwSignal::new(None);
        Self {
            host: NodeRef::new(),
            open: StoredValue::new_local(None),
            pointed,
            failed: RwSignal::new(false),
            view,
            index: Memo::new(move |_| pointed.get().unwrap_or_else(|| view.get().1)),
        }
    }

    /// Moves the crosshair, and what is read out with it.
    fn point(self, to: Option<usize>) {
        self.pointed.set(to);
        self.open.with_value(|open| match (open, to) {
            (Some(open), Some(index)) => open.drawing.select(index),
            (Some(open), None) => open.drawing.unselect(),
            (None, _) => {}
        });
    }
}

/// The drawing's place. For assistive technology it is a slider along the days, which reads out the day it stands on.
#[component]
pub(super) fn Canvas(
    /// What is drawn.
    plot: Arc<Plot>,
    /// What the chart's parts share.
    parts: Parts,
    /// Its name for assistive technology.
    label: String,
    /// A day in words, by its place.
    spoken: impl Fn(usize) -> String + Send + Sync + 'static,
) -> impl IntoView {
    let days = plot.days.len();
    draw(parts, plot);
    let walk = move |event: KeyboardEvent| {
        if let Some(to) = step(&event.key(), parts.index.get_untracked(), days) {
            event.prevent_default();
            parts.point(Some(to));
        } else if event.key() == "Escape" {
            parts.point(None);
        }
    };
    view! {
        <div
            class="chart"
            class:chart-failed=parts.failed
            node_ref=parts.host
            tabindex="0"
            role="slider"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax=days.saturating_sub(1)
            aria-valuenow=parts.index
            aria-valuetext=move || spoken(parts.index.get())
            on:keydown=walk
            on:blur=move |_| parts.point(None)
        ></div>
        <Show when=move || parts.failed.get()>
            <p class="hint">"The chart could not be drawn. The table below has all its numbers."</p>
        </Show>
    }
}

/// Opens the drawing when its place is on the page, follows the days in view, and closes it with the page.
fn draw(parts: Parts, plot: Arc<Plot>) {
    Effect::new(move |_| {
        let Some(host) = parts.host.get() else {
            return;
        };
        let Ok(left) = AbortController::new() else {
            return;
        };
        let signal = left.signal();
        let left = SendWrapper::new(left);
        on_cleanup(move || left.abort());
        let plot = Arc::clone(&plot);
        spawn_local(async move {
            let on_point = Closure::<dyn Fn(Option<u32>)>::new(move |index: Option<u32>| {
                parts.pointed.try_set(index.map(|index| index as usize));
            });
            let opened = bindings::open(&host, array(&plot.times()), &on_point, &signal);
            match opened.await {
                Ok(drawing) if drawing.is_undefined() => {}
                Ok(drawing) => {
                    let drawing = drawing.unchecked_into();
                    fill(&drawing, &plot);
                    keep(parts, drawing, on_point);
                }
                Err(_) => {
                    parts.failed.try_set(true);
                }
            }
        });
    });
    Effect::new(move |_| {
        let (first, last) = parts.view.get();
        parts.open.with_value(|open| {
            if let Some(open) = open {
                open.drawing.show(first, last);
            }
        });
    });
}

fn fill(drawing: &Drawing, plot: &Plot) {
    for pane in &plot.panes {
        let scale = &pane.scale;
        drawing.pane(
            scale.prefix,
            scale.suffix,
            scale.digits,
            scale.signed,
            pane.height,
        );
        for layer in &pane.layers {
            lay(drawing, layer);
        }
    }
    for shade in &plot.shades {
        drawing.shade(shade.colour, shade.from, shade.to);
    }
    if !plot.marks.is_empty() {
        let marks: Vec<u32> = plot.marks.iter().map(|index| *index as u32).collect();
        drawing.mark(&marks);
    }
}

fn lay(drawing: &Drawing, layer: &Layer) {
    let line = |form, values: &[f64]| drawing.line(layer.colour, form, array(values));
    match &layer.shape {
        Shape::Line(values) => line("solid", values),
        Shape::Dashed(values) => line("dashed", values),
        Shape::Steps(values) => line("steps", values),
        Shape::Columns(values) => drawing.columns(array(values)),
        Shape::Band(lower, upper) => drawing.band(layer.colour, array(lower), array(upper)),
    }
}

fn array(values: &[f64]) -> Float64Array {
    Float64Array::from(values)
}

/// Keeps a drawing that is ready. If the reader has left meanwhile, it is dropped, which closes it.
fn keep(parts: Parts, drawing: Drawing, on_point: Closure<dyn Fn(Option<u32>)>) {
    if let Some((first, last)) = parts.view.try_get_untracked() {
        drawing.show(first, last);
    }
    let open = Open {
        drawing,
        _on_point: on_point,
    };
    parts.open.try_set_value(Some(open));
}
