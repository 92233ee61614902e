//! Alpha Vantage's protocol: `/query`. Every problem is an answer of status 200 with an object of one key.

mod bars;
mod interval;
mod metals;
mod rates;

use super::asked::Asked;
use super::generator::world::World;
use super::messages;
use super::reply::Reply;

/// The answer to a request that has a key and is within the limits.
pub(super) fn answer(asked: &Asked, world: &mut World) -> Reply {
    let function = asked.request.function();
    let reply = match function.as_str() {
        "TIME_SERIES_DAILY" => bars::stock(asked, world),
        "FX_DAILY" => bars::exchange_rate(asked, world),
        "SPLITS" => bars::splits(asked),
        "GOLD_SILVER_HISTORY" => metals::history(asked, world),
        "GOLD_SILVER_SPOT" => metals::spot(asked, world),
        _ => rates::find(&function).map_or_else(
            || {
                let given = asked.request.get("function").unwrap_or_default();
                let text = messages::no_function(given);
                Err(Reply::refusal("Error Message", &text, "error:function"))
            },
            |rate| rates::history(asked, world, rate),
        ),
    };
    reply.unwrap_or_else(|refusal| refusal)
}

/// A parameter with a fixed choice of values, in small letters; without it `usual`, and without that it is required.
fn choice<'a>(
    asked: &Asked,
    name: &str,
    usual: Option<&'a str>,
    permitted: &[&'a str],
) -> Result<&'a str, Reply> {
    let found = match asked.request.get(name) {
        None => usual,
        Some(value) => permitted
            .iter()
            .find(|permitted| permitted.eq_ignore_ascii_case(value))
            .copied(),
    };
    found.ok_or_else(|| Reply::invalid(&asked.request.function()))
}

/// Refuses anything but JSON, which is all that this market serves.
fn json_only(asked: &Asked) -> Result<(), Reply> {
    choice(asked, "datatype", Some("json"), &["json"]).map(drop)
}

#[cfg(test)]
mod tests;
