//! The command line. Its names and exit codes are promises: scripts depend on them.

mod args;
mod audit;
mod bars;
mod diff;
mod export;
mod journal;
mod market;
mod print;
mod query;
mod run;
mod serve;
mod status;
mod steps;
mod study;

use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::filter::LevelFilter;

use crate::backend::Backend;
use crate::config::Settings;
use crate::telemetry;
use args::{Cli, Command};

/// Exit codes beyond 0: 1 failed, 2 usage or configuration, 3 done but some series are stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Good,
    Failed,
    Usage,
    Partial,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Good => Self::SUCCESS,
            Exit::Failed => Self::from(1),
            Exit::Usage => Self::from(2),
            Exit::Partial => Self::from(3),
        }
    }
}

/// Parses the arguments, does what they say, and gives the exit code.
pub async fn main() -> ExitCode {
    let cli = Cli::parse();
    let level = match &cli.command {
        Command::Serve(_) | Command::Market(_) => LevelFilter::INFO,
        _ => LevelFilter::OFF,
    };
    telemetry::start(level);
    let settings = match Settings::from_environment() {
        Ok(settings) => settings,
        Err(error) => {
            print::error(&error, "correct the environment or `assay.toml`");
            return Exit::Usage.into();
        }
    };
    let backend = Backend::embedded(settings);
    let exit = match cli.command {
        Command::Run(args) => run::run(&backend, args).await,
        Command::Extract(args) => steps::extract(&backend, &args).await,
        Command::Assemble(args) => steps::assemble(&backend, &args).await,
        Command::Train(args) => steps::train(&backend, &args).await,
        Command::Publish(args) => steps::publish(&backend, args).await,
        Command::Serve(args) => serve::serve(backend, args).await,
        Command::Query(args) => query::query(&backend, args).await,
        Command::Diff(args) => diff::diff(&backend, &args).await,
        Command::Journal(args) => journal::journal(&backend, &args).await,
        Command::Export(args) => export::export(&backend, &args).await,
        Command::Study(args) => study::study(&backend, &args).await,
        Command::Audit(args) => audit::audit(&backend, &args).await,
        Command::Market(args) => market::market(&backend, args).await,
        Command::Status(args) => status::status(&backend, &args).await,
    };
    exit.into()
}
