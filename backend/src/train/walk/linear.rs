//! Member 1: a ridge regression of the return, in units of its volatility, on the drivers' moves in units of theirs.

use shared::share::Share;

use super::panel::Panel;
use super::ridge::Ridge;

/// The linear member as fitted at one row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Linear {
    ridge: Ridge,
    /// The largest move, in log units, that it gives on any row it was fitted on.
    limit: f64,
}

impl Linear {
    /// Fits on all usable rows before `until`, each counting half as much as one that is `half_life` rows younger. `None`
    /// with fewer than `min_rows` of them.
    pub(crate) fn fit(
        panel: &Panel,
        until: usize,
        min_rows: usize,
        half_life: f64,
    ) -> Option<Self> {
        let rows = panel.linear_rows(until);
        if rows.len() < min_rows {
            return None;
        }
        let features: Vec<&[f64]> = rows.iter().map(|row| panel.linear.row(*row)).collect();
        let targets: Vec<f64> = rows
            .iter()
            .map(|row| panel.returns[*row] / panel.volatility[*row])
            .collect();
        let weight = |row: &usize| 0.5_f64.powf((until - row) as f64 / half_life);
        let weights: Vec<f64> = rows.iter().map(weight).collect();
        let ridge = Ridge::fit(&features, &targets, &weights)?;
        let fitted = rows.iter().map(|row| {
            let move_ = ridge.predict(panel.linear.row(*row)) * panel.volatility[*row];
            move_.abs()
        });
        let limit = fitted.fold(0.0, f64::max);
        Some(Self { ridge, limit })
    }

    /// The forecast of a row's log return and what each driver adds to it; `None` where a feature is missing.
    pub(crate) fn forecast(&self, panel: &Panel, row: usize, drivers: usize) -> Option<Share> {
        if !panel.is_linear(row) {
            return None;
        }
        let volatility = panel.volatility[row];
        let terms = self.ridge.terms(panel.linear.row(row));
        let terms = panel.linear.drivers.iter().copied().zip(terms);
        let base = self.ridge.intercept() * volatility;
        Some(Share::new(
            drivers,
            base,
            terms.map(|(driver, term)| (driver, term * volatility)),
        ))
    }

    /// The regression itself.
    pub(crate) fn ridge(&self) -> &Ridge {
        &self.ridge
    }

    /// The largest move that it was fitted on, in log units.
    pub(crate) fn limit(&self) -> f64 {
        self.limit
    }
}
