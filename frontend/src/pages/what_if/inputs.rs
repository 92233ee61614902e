//! Levers: a slider and two fields for each driver, in the groups that gold people use.

use leptos::prelude::*;
use shared::waterfall::{title_of, titles};
use shared::what_if::{Input, Measure};

use super::desk::Desk;
use super::moves::{Slide, digits};
use super::words;

/// All levers.
#[component]
pub(super) fn Levers(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let (inputs, by_changes) = desk.with_day(|day| (day.inputs.clone(), day.is_about_moves()));
    let groups = titles().filter_map(|title| {
        let of_group = inputs.iter().enumerate();
        let of_group = of_group.filter(|(_, input)| title_of(&input.group) == title);
        let levers: Vec<AnyView> = of_group
            .map(|(place, input)| {
                let slide = Slide::of(input, by_changes);
                view! { <Lever desk place input=input.clone() slide by_changes /> }.into_any()
            })
            .collect();
        (!levers.is_empty()).then(|| {
            view! { <fieldset class="card levers"><legend>{title}</legend>{levers}</fieldset> }
        })
    });
    groups.collect_view()
}

#[component]
fn Lever(desk: Desk, place: usize, input: Input, slide: Slide, by_changes: bool) -> impl IntoView {
    let input = StoredValue::new(input);
    let (label, measure, unit, own) = input.with_value(|input| {
        let own = words::own(input);
        let unit = words::after_field(&input.unit);
        (input.label.clone(), input.measure, unit, own)
    });
    let level_text = move || written(desk.level(place), digits(desk.level(place)));
    let change_text = move || {
        let change = input.with_value(|input| input.change_to(desk.level(place)));
        written(change, 2)
    };
    // What is told by its change in percent is a price, and no price is zero or less.
    let can_be = move |level: f64| measure == Measure::Points || level > 0.0;
    let put_level = move |level: f64| {
        let fits = can_be(level);
        if fits {
            desk.put(place, level);
        }
        fits
    };
    let put_change =
        move |change: f64| put_level(input.with_value(|input| input.level_after(change)));
    let name = format!("lever-{place}");
    let id = name.clone();
    view! {
        <div class="lever" role="group" aria-labelledby=name>
            <p class="lever-name" id=id>{label.clone()} " " <small>{own}</small></p>
            <Slider desk place input slide by_changes label />
            <Field name="Level" after=unit text=level_text put=put_level desk />
            <Field name="Change" after=suffix(measure) text=change_text put=put_change desk />
            <Warning desk place input />
        </div>
    }
}

fn suffix(measure: Measure) -> String {
    match measure {
        Measure::Percent => "%".to_owned(),
        Measure::Points => "points".to_owned(),
    }
}

/// A number as a field holds it: no grouping, a plain minus.
fn written(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if is_zero {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

#[component]
fn Slider(
    desk: Desk,
    place: usize,
    input: StoredValue<Input>,
    slide: Slide,
    by_changes: bool,
    label: String,
) -> impl IntoView {
    let value = move || {
        let level = desk.level(place);
        if by_changes {
            input.with_value(|input| input.change_to(level))
        } else {
            level
        }
    };
    let slid = move |event| {
        if let Ok(to) = event_target_value(&event).parse::<f64>() {
            let level = if by_changes {
                input.with_value(|input| input.level_after(to))
            } else {
                to
            };
            desk.put(place, level);
        }
    };
    let spoken = move || input.with_value(|input| words::spoken(input, desk.level(place)));
    view! {
        <input
            type="range"
            aria-label=label
            min=slide.low
            max=slide.high
            step=slide.step
            prop:value=move || value().to_string()
            aria-valuetext=spoken
            on:input=slid
            on:change=move |_| desk.rest()
        />
    }
}

/// A number field. What it holds counts when it is left or Enter is pressed; nonsense, and what `put` does not take, gives way to
/// what was there.
#[component]
fn Field(
    name: &'static str,
    after: String,
    text: impl Fn() -> String + Copy + Send + Sync + 'static,
    put: impl Fn(f64) -> bool + Copy + 'static,
    desk: Desk,
) -> impl IntoView {
    let typed = move |event| {
        let typed = event_target_value(&event);
        // The same text is the same number, of which the field shows the first digits.
        if typed == untrack(text) {
            return;
        }
        let value = typed.parse().ok().filter(|value: &f64| value.is_finite());
        if value.is_some_and(put) {
            desk.rest();
        } else {
            event_target::<web_sys::HtmlInputElement>(&event).set_value(&untrack(text));
        }
    };
    view! {
        <label class="lever-field">
            <span>{name}</span>
            <input type="number" step="any" inputmode="decimal" prop:value=text on:change=typed />
            <small>{after}</small>
        </label>
    }
}

#[component]
fn Warning(desk: Desk, place: usize, input: StoredValue<Input>) -> impl IntoView {
    move || {
        let outside = input.with_value(|input| {
            let outside = input.outside(desk.level(place))?;
            Some(words::outside(input, outside))
        });
        outside.map(|text| {
            view! { <p class="lever-warning"><span aria-hidden="true">"! "</span>{text}</p> }
        })
    }
}
