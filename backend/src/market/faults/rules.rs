//! Fault rules: what they match, when they fire, and how they are read from JSON.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use shared::series::Vendor;

use super::Fault;
use crate::market::generator::chance::stream;
use crate::market::request::Request;

/// A rule: matching requests are counted, and some of them meet the fault. With neither `nth`, `from`, `to` nor `probability`,
/// all of them do.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Which requests; all if nothing is named.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// Only the requests of these numbers, counted from 1.
    pub nth: Option<Nth>,
    /// Only from this number on.
    pub from: Option<u64>,
    /// Only up to this number.
    pub to: Option<u64>,
    /// Only so often.
    pub probability: Option<f64>,
    /// Of the chance.
    #[serde(default)]
    pub seed: u64,
    /// What goes wrong.
    pub fault: Fault,
}

/// What a request must look like (case ignored); what is absent matches everything.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// `av` or `fred`.
    pub vendor: Option<String>,
    /// Alpha Vantage's function.
    pub function: Option<String>,
    /// Alpha Vantage's symbol; of an exchange rate both currencies, `EURUSD`.
    pub symbol: Option<String>,
    /// FRED's series.
    pub series: Option<String>,
    /// The path.
    pub path: Option<String>,
}

/// One number, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Nth {
    /// One.
    One(u64),
    /// Several.
    Several(Vec<u64>),
}

impl Nth {
    fn contains(&self, number: u64) -> bool {
        match self {
            Self::One(one) => *one == number,
            Self::Several(several) => several.contains(&number),
        }
    }
}

impl FaultRule {
    /// Reads a JSON list of rules, as a fault file holds it.
    pub fn list(json: &str) -> Result<Vec<Self>, serde_json::Error> {
        serde_json::from_str(json)
    }
}

impl Match {
    fn fits(&self, request: &Request) -> bool {
        let vendor = match request.vendor {
            Vendor::AlphaVantage => "av",
            Vendor::Fred => "fred",
        };
        let series = request.get("series_id").unwrap_or_default();
        [
            (&self.vendor, vendor),
            (&self.function, &request.function()),
            (&self.symbol, &request.symbol()),
            (&self.series, series),
            (&self.path, &request.path),
        ]
        .into_iter()
        .all(|(wanted, found)| {
            wanted
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(found))
        })
    }
}

/// Rules at work: each counts its own requests.
#[derive(Debug)]
pub(in crate::market) struct Rules(Vec<Counting>);

#[derive(Debug)]
struct Counting {
    rule: FaultRule,
    seen: u64,
    chance: ChaCha8Rng,
}

impl Rules {
    /// Nothing is counted yet.
    pub(in crate::market) fn new(rules: Vec<FaultRule>) -> Self {
        let counting = |rule: FaultRule| Counting {
            seen: 0,
            chance: stream(rule.seed, "fault"),
            rule,
        };
        Self(rules.into_iter().map(counting).collect())
    }

    /// Counts a request; the faults that it meets, in the order of the rules.
    pub(in crate::market) fn met(&mut self, request: &Request) -> Vec<Fault> {
        let counting = self.0.iter_mut();
        counting
            .filter_map(|counting| counting.fires(request).then(|| counting.rule.fault.clone()))
            .collect()
    }
}

impl Counting {
    fn fires(&mut self, request: &Request) -> bool {
        let rule = &self.rule;
        if !rule.matches.fits(request) {
            return false;
        }
        self.seen += 1;
        let number = self.seen;
        // The die is thrown for every match, so that `from` and `nth` do not shift the chance of later requests.
        let drawn = rule
            .probability
            .is_none_or(|probability| self.chance.random::<f64>() < probability);
        drawn
            && number >= rule.from.unwrap_or(1)
            && number <= rule.to.unwrap_or(u64::MAX)
            && rule.nth.as_ref().is_none_or(|nth| nth.contains(number))
    }
}
