//! The parts that pages are made of.

mod advice;
mod answer;
mod as_of;
mod beside;
mod changed;
mod choices;
mod drivers;
mod gauge;
mod notices;
mod run_control;
mod run_progress;
mod sections;
mod series_table;
mod skill;
mod standing;
mod table;
mod text;
mod theme_choice;

pub(crate) use advice::Advice;
pub(crate) use answer::Answer;
pub(crate) use as_of::{AsOf, EarlierDay};
pub(crate) use beside::BesideCard;
pub(crate) use changed::ChangedCard;
pub(crate) use choices::Choices;
pub(crate) use drivers::Drivers;
pub(crate) use notices::{Labels, Notices, SyntheticLabel};
pub(crate) use run_control::RunControl;
pub(crate) use run_progress::RunProgress;
pub(crate) use sections::Sections;
pub(crate) use series_table::{SeriesTable, state as state_of_series};
pub(crate) use skill::SkillVerdict;
pub(crate) use standing::GapCard;
pub(crate) use text::Text;
pub(crate) use theme_choice::ThemeChoice;
