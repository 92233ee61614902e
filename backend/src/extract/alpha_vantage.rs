//! The client of Alpha Vantage: one function of `query` for each request.

use async_trait::async_trait;
use chrono::NaiveDate;

use super::channel::{Channel, Query, Sent};
use super::{Answer, VendorClient, VendorError, Window, classify};
use crate::config::Plan;
use crate::preset::Request;

/// `outputsize=compact` gives 100 rows: 20 weeks of weekdays, less some days to be safe.
const COMPACT_DAYS: i64 = 130;

/// Asks Alpha Vantage.
pub(super) struct AlphaVantage {
    channel: Channel,
    plan: Plan,
}

impl AlphaVantage {
    /// Asks by way of `channel` what `plan` allows.
    pub(super) fn new(channel: Channel, plan: Plan) -> Self {
        Self { channel, plan }
    }
}

#[async_trait]
impl VendorClient for AlphaVantage {
    async fn fetch(
        &self,
        request: &Request,
        window: Window,
        sent: &(dyn Fn() + Send + Sync),
    ) -> Result<Vec<Answer>, VendorError> {
        let query = query(request, window, self.channel.clock.today());
        // It would be refused, and the refusal would cost one of the day's few calls.
        if self.plan == Plan::Free && is_premium(&query) {
            return Err(classify::needs_premium(None));
        }
        Ok(vec![
            self.channel.call("/query", &query, sent as Sent).await?,
        ])
    }
}

/// The parameters of a call. Only two functions know a window; the others always give their whole history.
fn query(request: &Request, window: Window, today: NaiveDate) -> Query {
    let mut query = request.parameters.clone();
    query.insert("datatype".to_owned(), "json".to_owned());
    let function = query.get("function").map(String::as_str);
    if matches!(function, Some("TIME_SERIES_DAILY" | "FX_DAILY")) {
        let size = match window {
            Window::Since(day) if (today - day).num_days() <= COMPACT_DAYS => "compact",
            Window::Since(_) | Window::Full => "full",
        };
        query.insert("outputsize".to_owned(), size.to_owned());
    }
    query
}

fn is_premium(query: &Query) -> bool {
    let is = |name: &str, value: &str| query.get(name).is_some_and(|found| found == value);
    is("function", "TIME_SERIES_DAILY") && is("outputsize", "full")
}

#[cfg(test)]
mod tests {
    use shared::series::Vendor;

    use super::*;

    fn text(parameters: &[(&str, &str)], window: Window) -> String {
        let parameters = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let request = Request {
            vendor: Vendor::AlphaVantage,
            parameters,
        };
        let pairs = query(&request, window, day("2024-09-23"));
        let pairs: Vec<_> = pairs.iter().map(|(k, v)| format!("{k}={v}")).collect();
        pairs.join("&")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_recent_window_is_compact_and_an_older_one_full() {
        let gld = [("function", "TIME_SERIES_DAILY"), ("symbol", "GLD")];
        let since = |text| Window::Since(day(text));
        let start = "datatype=json&function=TIME_SERIES_DAILY&outputsize";
        assert_eq!(
            text(&gld, since("2024-05-16")),
            format!("{start}=compact&symbol=GLD")
        );
        assert_eq!(
            text(&gld, since("2024-05-15")),
            format!("{start}=full&symbol=GLD")
        );
        assert_eq!(text(&gld, Window::Full), format!("{start}=full&symbol=GLD"));
    }

    #[test]
    fn functions_without_a_window_are_asked_as_they_are() {
        let gold = [
            ("function", "GOLD_SILVER_HISTORY"),
            ("symbol", "XAU"),
            ("interval", "daily"),
        ];
        assert_eq!(
            text(&gold, Window::Since(day("2024-09-01"))),
            "datatype=json&function=GOLD_SILVER_HISTORY&interval=daily&symbol=XAU"
        );
    }
}
