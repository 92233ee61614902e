//! The walk-forward: what a model that is refitted every month would have said, row by row, and how good that was.

mod ewma;
mod refit;
mod ridge;
mod window;

mod band_scores;
mod gap;
mod gate;
mod intervals;
mod scale;

mod evaluation;
mod regression;

#[cfg(test)]
mod fixture;
