//! The whole walk-forward of a preset on what is staged, for `make bench`: prints seconds, fits, and the skill of the
//! combination.
//!
//! ```text
//! bench_walk PRESET [THREADS]
//! ```

use std::error::Error;
use std::io::Write;
use std::time::Instant;

use backend::assemble::assemble;
use backend::backend::Backend;
use backend::config::Settings;
use backend::preset::load;
use backend::progress::Reporter;
use backend::stage::load_staged;
use backend::study::combined_forecasts;
use serde_json::json;
use shared::valuation::Information;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let preset = load(&arguments.next().ok_or("name a preset")?)?;
    let threads: usize = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let backend = Backend::embedded(Settings::from_environment()?);
    let (lake, today) = (backend.lake(), backend.clock.today());
    let staged = load_staged(&preset, lake.as_ref(), today).await?;
    let now = backend.clock.now();
    let dataset = assemble(&preset, &staged.observations, now, Information::Final)?;
    let began = Instant::now();
    let walked = combined_forecasts(&dataset, &preset.train, threads, &Reporter::silent())?;
    let seconds = began.elapsed().as_secs_f64();
    let pairs = walked.forecasts.iter().zip(&dataset.target);
    let known = pairs.filter(|(forecast, target)| (*forecast + *target).is_finite());
    let (mut own, mut base, mut rows) = (0.0, 0.0, 0);
    for (forecast, target) in known {
        own += (target / 100.0 - forecast).powi(2);
        base += (target / 100.0).powi(2);
        rows += 1;
    }
    let said =
        json!({"seconds": seconds, "fits": walked.fits, "rows": rows, "skill": 1.0 - own / base});
    writeln!(std::io::stdout(), "{said}")?;
    Ok(())
}
