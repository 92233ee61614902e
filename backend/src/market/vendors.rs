//! The two vendors together: a day, a generated world, fault rules, limits and a log of what was served.

use std::collections::BTreeMap;
use std::time::Instant;

use chrono::NaiveDate;
use shared::series::Vendor;

use super::asked::Asked;
use super::delivery::Delivery;
use super::faults::{Fault, FaultRule, Rules};
use super::generator::world::World;
use super::limits::{FreePlan, Limiter, Over};
use super::reply::Reply;
use super::request::Request;
use super::{MarketOptions, alpha_vantage, fred, messages};

/// A request that was served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Whose protocol it spoke.
    pub vendor: Vendor,
    /// Its path.
    pub path: String,
    /// Its parameters; the key is `***`.
    pub parameters: BTreeMap<String, String>,
    /// The answer's HTTP status.
    pub status: u16,
    /// `ok`, `error:…`, `limit:daily`, `limit:burst`, `limit:minute`, `premium:full` or `fault:KIND`; data and delivery faults
    /// are added: `ok+fault:truncated`.
    pub outcome: String,
}

/// Both vendors on one day.
pub(super) struct Vendors {
    seed: u64,
    today: NaiveDate,
    world: World,
    rules: Rules,
    limiter: Option<Limiter>,
    /// Whole answers of the day by what was asked: who measures Assay should not measure the making of answers.
    answers: BTreeMap<Question, Reply>,
    served: Vec<Served>,
}

/// What decides an answer without faults: the vendor, the path, and the parameters without the key.
type Question = (Vendor, String, BTreeMap<String, String>);

impl Vendors {
    /// Generates the world of the options.
    pub(super) fn new(options: MarketOptions) -> Self {
        Self {
            seed: options.seed,
            today: options.today,
            world: World::new(options.seed, options.today),
            rules: Rules::new(options.faults),
            limiter: options.limits.map(Limiter::new),
            answers: BTreeMap::new(),
            served: Vec::new(),
        }
    }

    /// The generator's seed.
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// Everything served so far, oldest first.
    pub(super) fn served(&self) -> Vec<Served> {
        self.served.clone()
    }

    /// Moves to another day.
    pub(super) fn set_today(&mut self, today: NaiveDate) {
        if self.today != today {
            self.today = today;
            self.world = World::new(self.seed, today);
            self.answers.clear();
        }
    }

    /// Replaces the fault rules; they count anew.
    pub(super) fn set_faults(&mut self, rules: Vec<FaultRule>) {
        self.rules = Rules::new(rules);
    }

    /// Answers a request that came at the instant `now`, logs it, and says how to deliver the answer.
    pub(super) fn answer(&mut self, request: &Request, now: Instant) -> (Reply, Delivery) {
        let faults = self.rules.met(request);
        let per_day = self
            .limiter
            .as_ref()
            .map_or(FreePlan::default().per_day, Limiter::per_day);
        let mut replaced = None;
        let mut others = Vec::new();
        for fault in &faults {
            match fault.replacing(request, per_day) {
                Some(reply) => replaced = replaced.or(Some(reply)),
                None => others.push(fault),
            }
        }
        let mut reply = match replaced {
            Some(reply) => reply,
            None => self.vendor_s(request, &faults, now),
        };
        let mut delivery = Delivery::default();
        for fault in others {
            fault.deliver(&mut reply, &mut delivery);
            reply.outcome = format!("{}+fault:{}", reply.outcome, fault.kind());
        }
        self.served.push(Served {
            vendor: request.vendor,
            path: request.path.clone(),
            parameters: request.masked(),
            status: reply.status,
            outcome: reply.outcome.clone(),
        });
        (reply, delivery)
    }

    /// The vendor's own answer.
    fn vendor_s(&mut self, request: &Request, faults: &[Fault], now: Instant) -> Reply {
        if let Err(refusal) = self.admit(request, now) {
            return refusal;
        }
        let asked = Asked {
            request,
            today: self.today,
            free_plan: self.limiter.is_some(),
            faults,
        };
        if !faults.is_empty() {
            return made(&asked, &mut self.world);
        }
        let question = (request.vendor, request.path.clone(), request.masked());
        let entry = self.answers.entry(question);
        entry
            .or_insert_with(|| made(&asked, &mut self.world))
            .clone()
    }

    /// Checks that there is a key and that it is within its limits.
    fn admit(&mut self, request: &Request, now: Instant) -> Result<(), Reply> {
        let key = request.key();
        if key.is_empty() {
            return Err(match request.vendor {
                Vendor::AlphaVantage => {
                    Reply::refusal("Error Message", messages::NO_KEY, "error:apikey")
                }
                Vendor::Fred => Reply::fred_error(400, messages::FRED_NO_KEY, "error:apikey"),
            });
        }
        let Some(limiter) = &mut self.limiter else {
            return Ok(());
        };
        match request.vendor {
            Vendor::Fred if limiter.fred(key, now) => Ok(()),
            Vendor::Fred => Err(Reply::fred_error(429, messages::FRED_RATE, "limit:minute")),
            Vendor::AlphaVantage => match limiter.alpha_vantage(key, self.today, now) {
                Ok(()) => Ok(()),
                Err(Over::Daily) => {
                    let text = messages::daily_limit(key, limiter.per_day());
                    Err(Reply::refusal("Information", &text, "limit:daily"))
                }
                Err(Over::Burst) => Err(Reply::refusal(
                    "Information",
                    messages::BURST,
                    "limit:burst",
                )),
            },
        }
    }
}

fn made(asked: &Asked, world: &mut World) -> Reply {
    match asked.request.vendor {
        Vendor::AlphaVantage => alpha_vantage::answer(asked, world),
        Vendor::Fred => fred::answer(asked, world),
    }
}
