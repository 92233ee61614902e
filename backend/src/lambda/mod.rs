//! The three Lambdas: what an invocation does with its event, and what it tells AWS about it.

pub mod api;
mod deadline;
pub mod extract;
mod metric;
mod outcome;
mod signed_in;
pub mod train;

use std::num::NonZero;
use std::sync::Arc;

use lambda_runtime::Error;
use tracing_subscriber::filter::LevelFilter;

use crate::backend::Backend;
use crate::backend::cloud::Aws;
use crate::config::Settings;
use crate::telemetry;

/// The cloud's world, and AWS for what is no part of it. A setting that is wrong ends the process: Lambda says so at once.
fn world() -> Result<(Arc<Backend>, Arc<Aws>), Error> {
    telemetry::start(LevelFilter::INFO);
    let aws = Aws::new();
    let settings = Settings::from_environment();
    let backend = settings.and_then(|settings| Backend::cloud(settings, &aws));
    // What `main` gives is printed for programmers; this is for people.
    let backend = backend.map_err(|error| Error::from(error.to_string()))?;
    Ok((Arc::new(backend), aws))
}

/// Fits at once: one a processor.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}
