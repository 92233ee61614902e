//! What can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::RangedU64ValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::query::format::Format;

/// What gold is worth today, why, and how sure we are.
#[derive(Debug, Parser)]
#[command(
    name = "assay",
    version,
    after_help = "Settings come from the environment or `assay.toml`: ASSAY_HOME, ASSAY_ALPHAVANTAGE_KEY, ASSAY_FRED_KEY, \
ASSAY_ALPHAVANTAGE_URL, ASSAY_FRED_URL, ASSAY_ALPHAVANTAGE_PLAN, ASSAY_TODAY, ASSAY_PRESET, ASSAY_TOKEN.\n\
Without any key or address, Assay uses its own synthetic market and says so.\n\n\
Exit codes: 0 all good, 1 failed, 2 usage or configuration, 3 done but some series are stale."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Every step in order: extract, stage, assemble, train, publish, catalogue
    Run(RunArgs),
    /// Ask the vendors for what is new, and stage it
    Extract(PresetArgs),
    /// Make the dataset out of what is staged, and describe it or write it as CSV
    Assemble(AssembleArgs),
    /// Search, fit and score on what is staged, and publish nothing
    Train(TrainArgs),
    /// Assemble, train and publish what is staged, without asking any vendor
    Publish(RunArgs),
    /// API, dashboard and schedule
    Serve(ServeArgs),
    /// Ask the published tables in SQL
    Query(QueryArgs),
    /// Walk through the whole history on what is staged, and hold the model to its targets
    Study(StudyArgs),
    /// Why the newest valuation of one run is not that of another
    Diff(DiffArgs),
    /// Every published valuation, once, chained by hashes: alone it lists them, `verify` and `score` check them
    Journal(JournalArgs),
    /// Search what is staged, and the model trained on it, for values that could not have been known in time
    Audit(AuditArgs),
    /// Write published results in another project's format
    Export(ExportArgs),
    /// Serve the synthetic vendors over HTTP
    Market(MarketArgs),
    /// Freshness, last runs, quota left
    Status(StatusArgs),
}

#[derive(Clone, Debug, Args)]
pub(super) struct PresetArgs {
    /// A built-in preset (fair, fair-free, classic, study) or the path of your own; the setting `ASSAY_PRESET` if absent
    #[arg(long)]
    pub(super) preset: Option<String>,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) preset: PresetArgs,
    #[command(flatten)]
    pub(super) search: SearchArgs,
}

#[derive(Clone, Debug, Args)]
pub(super) struct SearchArgs {
    /// How much to search: `full`, `small`, or `deployed` (one combination, what runs every day)
    #[arg(long, default_value = "deployed")]
    pub(super) grid: String,
    /// The day (UTC) whose knowledge to use; today if absent
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<NaiveDate>,
    /// Fits at once; one a core if absent
    #[arg(long, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub(super) threads: Option<usize>,
    /// Score every candidate on every fold, which the heat map needs, instead of cutting the hopeless ones
    #[arg(long)]
    pub(super) score_all: bool,
}

#[derive(Clone, Debug, Args)]
pub(super) struct AssembleArgs {
    #[command(flatten)]
    pub(super) preset: PresetArgs,
    /// The day (UTC) whose knowledge to use; today if absent
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<NaiveDate>,
    /// Write the dataset as CSV to this file
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
pub(super) struct TrainArgs {
    #[command(flatten)]
    pub(super) preset: PresetArgs,
    #[command(flatten)]
    pub(super) search: SearchArgs,
}

#[derive(Clone, Debug, Args)]
pub(super) struct ServeArgs {
    /// Where to listen. Beyond loopback, starting runs and SQL need the token in `ASSAY_TOKEN`
    #[arg(long, default_value = "127.0.0.1:8787")]
    pub(super) addr: SocketAddr,
    /// Time zone of the schedule: weekdays at 09:20
    #[arg(long, default_value_t = crate::trigger::schedule::DEFAULT_ZONE)]
    pub(super) zone: chrono_tz::Tz,
    /// Start no runs by schedule
    #[arg(long)]
    pub(super) no_schedule: bool,
}

#[derive(Clone, Debug, Args)]
pub(super) struct QueryArgs {
    /// One SELECT, or the name of a question that comes with Assay; the list of these if absent
    pub(super) sql: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = FormatArg::Table)]
    pub(super) format: FormatArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FormatArg {
    Table,
    Csv,
    Json,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Table => Self::Table,
            FormatArg::Csv => Self::Csv,
            FormatArg::Json => Self::Json,
        }
    }
}

#[derive(Clone, Debug, Args)]
pub(super) struct StudyArgs {
    /// The preset: one that walks forward
    #[arg(long, default_value = "study")]
    pub(super) preset: String,
    /// The day (UTC) whose knowledge to use; today if absent
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<NaiveDate>,
    /// Worlds in which nothing can be known
    #[arg(long, default_value_t = 100)]
    pub(super) null_worlds: usize,
    /// Dates at which the world is cut off and everything computed anew
    #[arg(long, default_value_t = 200)]
    pub(super) cuts: usize,
    /// Fits at once; one a core if absent
    #[arg(long, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub(super) threads: Option<usize>,
}

#[derive(Clone, Debug, Args)]
pub(super) struct DiffArgs {
    /// The first run: its id, the unique beginning of one, or `current`
    pub(super) from: String,
    /// The second run
    pub(super) to: String,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Debug, Args)]
pub(super) struct JournalArgs {
    /// What to do; the list of entries if absent
    #[command(subcommand)]
    pub(super) what: Option<JournalWhat>,
    /// Print one JSON object on standard output
    #[arg(long, global = true)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum JournalWhat {
    /// Walk the chain and compare every entry with the files of its run
    Verify,
    /// Compare every entry with the price that became known, and with “no change”
    Score,
}

#[derive(Clone, Debug, Args)]
pub(super) struct AuditArgs {
    #[command(flatten)]
    pub(super) preset: PresetArgs,
    /// The day (UTC) whose knowledge to use; today if absent
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<NaiveDate>,
    /// Days to draw under each state of information
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) dates: u32,
    /// Seed of the draw; the preset's if absent
    #[arg(long)]
    pub(super) seed: Option<u64>,
    /// Plant leaks into the data and see whether each is caught
    #[arg(long)]
    pub(super) planted: bool,
    /// Days at once; one a core if absent
    #[arg(long, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub(super) threads: Option<usize>,
}

#[derive(Clone, Debug, Args)]
pub(super) struct ExportArgs {
    /// What to write
    #[arg(value_enum)]
    pub(super) what: ExportWhat,
    /// The folder to write to; it is made if need be
    pub(super) folder: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ExportWhat {
    /// `complete_dataset.csv` and `results.csv` in the original's columns
    Classic,
}

#[derive(Clone, Debug, Args)]
pub(super) struct MarketArgs {
    /// Port on loopback; 0 picks a free one
    #[arg(long, default_value_t = 8099)]
    pub(super) port: u16,
    /// Seed of the market
    #[arg(long, default_value_t = 7)]
    pub(super) seed: u64,
    /// Rules of what shall go wrong, as a JSON file
    #[arg(long, value_name = "FILE")]
    pub(super) faults: Option<PathBuf>,
    /// Hold callers to the free plan: 25 calls a day, one a second, no full history of daily prices
    #[arg(long)]
    pub(super) free_plan: bool,
}

#[derive(Clone, Debug, Args)]
pub(super) struct StatusArgs {
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(super) json: bool,
}

fn day(text: &str) -> Result<NaiveDate, String> {
    let day = text.parse();
    day.map_err(|_| "a day is written as 2024-09-20".to_owned())
}
