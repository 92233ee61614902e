//! Whatever can be audited: it tells numbers of a day, from any world that it is shown.

use chrono::{DateTime, NaiveDate, Utc};
use shared::valuation::Information;

use super::look::Look;
use super::worlds::World;
use crate::assemble::{AssembleError, Dataset, assemble};
use crate::preset::Preset;
use crate::train::TrainError;
use crate::train::walk::{Members, Panel};

/// Why there is no audit.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// No dataset.
    #[error(transparent)]
    Assemble(#[from] AssembleError),
    /// No model.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// The run valued no day out of sample.
    #[error("there is no day to audit: the run values none on rows that it has not trained on")]
    NoDay,
    /// Planted leaks stand on features of two members.
    #[error("the preset `{0}` does not walk forward, and planted leaks need one that does")]
    NoWalk(String),
}

/// What a subject claims to stand on: the world as it is, and which part of it a day may know.
pub(super) struct Frame<'a> {
    /// Says cut-offs, target and publication rules as they should be.
    pub(super) preset: &'a Preset,
    pub(super) world: &'a World,
    pub(super) as_of: DateTime<Utc>,
    pub(super) information: Information,
}

impl Frame<'_> {
    /// The instant whose knowledge the numbers of `day` may use.
    pub(super) fn instant(&self, day: NaiveDate) -> DateTime<Utc> {
        self.preset.cut_off(day, self.information).min(self.as_of)
    }
}

/// Members that were fitted in one world of a day serve in another one whose training rows are the same.
pub(super) struct Fitted {
    pub(super) panel: Panel,
    pub(super) until: usize,
    pub(super) members: Option<Members>,
}

/// What a worker keeps between the worlds of one day.
pub(super) type Memo = Option<Fitted>;

/// What is audited.
pub(super) trait Subject: Sync {
    /// What it stands on.
    fn frame(&self) -> &Frame<'_>;
    /// The days that it tells of out of sample, oldest first.
    fn days(&self) -> &[NaiveDate];
    /// What it says of a day, knowing the whole world.
    fn whole(&self, day: NaiveDate) -> Result<Look, AuditError>;
    /// What it says of a day in another world, as known at `as_of`.
    fn anew(
        &self,
        day: NaiveDate,
        world: &World,
        as_of: DateTime<Utc>,
        memo: &mut Memo,
    ) -> Result<Look, AuditError>;
    /// The features over the whole history.
    fn dataset(&self) -> &Dataset;
    /// For each series the value that each row uses, under the series' name; `None` where that cannot be told.
    fn levels(&self) -> Result<Option<Dataset>, AuditError>;
}

/// A preset's dataset under one state of information, as the pipeline makes it.
pub(super) fn dataset_of(
    preset: &Preset,
    world: &World,
    as_of: DateTime<Utc>,
    information: Information,
) -> Result<Dataset, AssembleError> {
    let last = assemble(preset, world, as_of, Information::Final)?;
    Ok(match information {
        Information::Final => last,
        Information::Provisional => {
            assemble(preset, world, as_of, Information::Provisional)?.on_rows_of(&last)
        }
    })
}

/// The same, without rows where the world is too poor for any: that, too, is a difference.
pub(super) fn dataset_if_any(
    preset: &Preset,
    world: &World,
    as_of: DateTime<Utc>,
    information: Information,
) -> Result<Option<Dataset>, AuditError> {
    match dataset_of(preset, world, as_of, information) {
        Ok(dataset) => Ok(Some(dataset)),
        Err(AssembleError::NoData(_) | AssembleError::NoCommonRow(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
