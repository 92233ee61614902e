//! What the page's parts share: the day, the levels as they stand, and what the model says of them.

use std::sync::Arc;

use leptos::prelude::*;
use shared::what_if::{Evaluator, Outcome, Today};

use super::moves::Moves;
use crate::address::Address;

/// The moved levels, in the address.
const AT: &str = "at";

/// Copied freely; lives as long as the page.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    evaluator: StoredValue<Arc<Evaluator>>,
    levels: RwSignal<Vec<f64>>,
    /// What the model says of the levels; `None` where it says nothing.
    pub(super) outcome: Memo<Option<Outcome>>,
    address: Address,
}

impl Desk {
    /// A desk that follows the address.
    pub(super) fn open(evaluator: Arc<Evaluator>) -> Self {
        let address = Address::get();
        let levels = RwSignal::new(evaluator.today().levels());
        let asked = Arc::clone(&evaluator);
        let desk = Self {
            evaluator: StoredValue::new(evaluator),
            levels,
            outcome: Memo::new(move |_| asked.outcome(&levels.read())),
            address,
        };
        Effect::new(move |_| {
            let moves: Moves = address.choice(AT);
            let wanted = desk.with_day(|today| moves.levels(today));
            if *desk.levels.read_untracked() != wanted {
                desk.levels.set(wanted);
            }
        });
        desk
    }

    /// The day.
    pub(super) fn with_day<R>(self, read: impl FnOnce(&Today) -> R) -> R {
        self.evaluator
            .with_value(|evaluator| read(evaluator.today()))
    }

    /// The level of an input, as it stands.
    pub(super) fn level(self, place: usize) -> f64 {
        self.levels.read().get(place).copied().unwrap_or(f64::NAN)
    }

    /// Whether anything was moved.
    pub(super) fn is_moved(self) -> bool {
        let levels = self.levels.read();
        self.with_day(|today| *levels != today.levels())
    }

    /// Moves one input; the address learns of it when the hand rests, see [`Desk::rest`].
    pub(super) fn put(self, place: usize, level: f64) {
        self.levels.update(|levels| {
            if let Some(slot) = levels.get_mut(place) {
                *slot = level;
            }
        });
    }

    /// Moves all inputs.
    pub(super) fn put_all(self, levels: Vec<f64>) {
        self.levels.set(levels);
        self.rest();
    }

    /// Notes the levels in the address, so that a link shows the same.
    pub(super) fn rest(self) {
        let word = self.with_day(|today| Moves::of(today, &self.levels.read_untracked()).word());
        self.address.choose(AT, word.as_deref());
    }
}
