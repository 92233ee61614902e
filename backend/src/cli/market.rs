//! `assay market`.

use std::net::{Ipv4Addr, SocketAddr};

use super::args::MarketArgs;
use super::{Exit, print};
use crate::backend::Backend;
use crate::market::{FaultRule, FreePlan, MarketOptions, start};

/// Serves the synthetic vendors on loopback until Ctrl-C.
pub(super) async fn market(backend: &Backend, args: MarketArgs) -> Exit {
    let faults = match args.faults.as_deref().map(read_faults).transpose() {
        Ok(faults) => faults.unwrap_or_default(),
        Err(error) => {
            print::error(
                &*error,
                "a file holds a JSON list of rules: {\"match\": {\"vendor\": \"av\"}, \"nth\": 1, \"fault\": {\"kind\": \"http\", \"status\": 503}}",
            );
            return Exit::Usage;
        }
    };
    let options = MarketOptions {
        seed: args.seed,
        today: backend.clock.today(),
        faults,
        limits: args.free_plan.then(FreePlan::default),
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let server = match start(options, address).await {
        Ok(server) => server,
        Err(error) => {
            print::error(
                &error,
                "choose another port with --port, or 0 for any free one",
            );
            return Exit::Failed;
        }
    };
    print::line(format!("synthetic market on {}", server.url()));
    print::note(format!(
        "use it with ASSAY_ALPHAVANTAGE_URL={0} ASSAY_FRED_URL={0} and any keys; Ctrl-C ends it",
        server.url()
    ));
    let _ = tokio::signal::ctrl_c().await;
    Exit::Good
}

fn read_faults(file: &std::path::Path) -> Result<Vec<FaultRule>, Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read `{}`: {error}", file.display()))?;
    let rules = FaultRule::list(&text)
        .map_err(|error| format!("`{}` is no list of fault rules: {error}", file.display()))?;
    Ok(rules)
}
