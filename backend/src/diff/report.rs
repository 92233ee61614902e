//! A run's side of a diff.

use shared::diff::Side;

use super::world::World;

/// The run as the diff names it.
pub(super) fn side(world: &World) -> Side {
    Side {
        run_id: world.run_id.clone(),
        as_of: world.as_of,
        preset: world.card.preset.clone(),
        grid: world.card.grid.clone(),
        date: world.latest.date,
        valuation: world.latest.valuation,
    }
}
