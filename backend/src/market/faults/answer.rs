//! Faults that replace an answer, and faults of its delivery.

use std::time::Duration;

use super::{Fault, Text};
use crate::market::delivery::Delivery;
use crate::market::messages;
use crate::market::reply::Reply;
use crate::market::request::Request;

impl Fault {
    /// The answer that this fault sends in place of the vendor's; `None` for the other kinds.
    pub(in crate::market) fn replacing(&self, request: &Request, per_day: u32) -> Option<Reply> {
        let outcome = format!("fault:{}", self.kind());
        let function = match request.function() {
            empty if empty.is_empty() => "TIME_SERIES_DAILY".to_owned(),
            function => function,
        };
        let refusal = |key: &str, own: &Text, vendors: String| {
            let text = own.message.clone().unwrap_or(vendors);
            Some(Reply::refusal(key, &text, &outcome))
        };
        let information = |own: &Text, vendors: String| refusal("Information", own, vendors);
        match self {
            Self::Http { .. } => self.http(&outcome),
            Self::Html { status, body } => {
                let page = body.as_deref().unwrap_or(messages::HTML_PAGE);
                let bytes = page.as_bytes().to_vec();
                Some(Reply::new(
                    *status,
                    "text/html; charset=utf-8",
                    bytes,
                    &outcome,
                ))
            }
            Self::EmptyObject => Some(Reply::new(
                200,
                "application/json",
                b"{}".to_vec(),
                &outcome,
            )),
            Self::FredError { status, message } => {
                let text = message.as_deref().unwrap_or(messages::FRED_RATE);
                Some(Reply::fred_error(*status, text, &outcome))
            }
            Self::DailyLimit(own) => {
                information(own, messages::daily_limit(request.key(), per_day))
            }
            Self::Burst(own) => information(own, messages::BURST.to_owned()),
            Self::Premium(own) => information(own, messages::PREMIUM.to_owned()),
            Self::PremiumFull(own) => information(own, messages::premium_full(&function)),
            Self::Demo(own) => information(own, messages::DEMO.to_owned()),
            Self::Note(own) => refusal("Note", own, messages::NOTE.to_owned()),
            Self::ErrorMessage(own) => {
                refusal("Error Message", own, messages::invalid_call(&function))
            }
            _ => None,
        }
    }

    fn http(&self, outcome: &str) -> Option<Reply> {
        let Self::Http {
            status,
            body,
            content_type,
            headers,
        } = self
        else {
            return None;
        };
        let (usual, text) = match body {
            serde_json::Value::Null => ("text/plain", String::new()),
            serde_json::Value::String(text) => ("text/plain", text.clone()),
            json => ("application/json", json.to_string()),
        };
        let content_type = content_type.as_deref().unwrap_or(usual);
        let mut reply = Reply::new(*status, content_type, text.into_bytes(), outcome);
        reply.headers = headers.clone().into_iter().collect();
        Some(reply)
    }

    /// Changes an answer's body or head, or how it is delivered; the other kinds change nothing.
    pub(in crate::market) fn deliver(&self, reply: &mut Reply, delivery: &mut Delivery) {
        match self {
            Self::Truncated {
                fraction,
                keep_length,
            } => {
                let keep = (reply.body.len() as f64 * fraction) as usize;
                if *keep_length {
                    delivery.keep = Some(keep);
                } else {
                    reply.body.truncate(keep);
                }
            }
            Self::Slow {
                delay_s,
                chunk,
                pause_s,
            } => {
                delivery.delay = seconds(*delay_s);
                delivery.drip = chunk.map(|size| (size, seconds(*pause_s)));
            }
            Self::Reset => delivery.reset = true,
            Self::ContentType { content_type } => {
                let usual = || "text/html; charset=utf-8".to_owned();
                reply.content_type = content_type.clone().unwrap_or_else(usual);
            }
            _ => {}
        }
    }
}

/// A span of seconds; nothing for what is no span.
fn seconds(number: f64) -> Duration {
    Duration::try_from_secs_f64(number).unwrap_or_default()
}
