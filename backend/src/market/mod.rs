//! The synthetic market: both vendors' protocols over HTTP, answered by a seeded generator. No real data is in it.

mod alpha_vantage;
mod asked;
mod delivery;
mod faults;
mod fred;
mod generator;
mod limits;
mod messages;
mod reply;
mod request;
mod rows;
mod server;
mod vendors;

use std::io;
use std::net::SocketAddr;

use chrono::NaiveDate;

pub use faults::{Fault, FaultRule, Match, Nth, Pick, Text};
pub use limits::FreePlan;
pub use server::{MarketServer, start};
pub use vendors::Served;

/// What a synthetic market is made of.
#[derive(Clone, Debug)]
pub struct MarketOptions {
    /// Of the generator: the same seed and day give the same bytes.
    pub seed: u64,
    /// The day at whose end (UTC) the market stands: nothing later is visible.
    pub today: NaiveDate,
    /// What goes wrong, and when.
    pub faults: Vec<FaultRule>,
    /// The free plan's limits; `None` is a premium key without limits.
    pub limits: Option<FreePlan>,
}

impl MarketOptions {
    /// A market without faults and limits.
    pub fn new(seed: u64, today: NaiveDate) -> Self {
        Self {
            seed,
            today,
            faults: Vec::new(),
            limits: None,
        }
    }
}

/// Why the market does not start.
#[derive(Debug, thiserror::Error)]
pub enum MarketError {
    /// The address cannot be had.
    #[error(
        "the synthetic market cannot listen on {addr}: choose another port or stop what uses it"
    )]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

#[cfg(test)]
mod tests;
