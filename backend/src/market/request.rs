//! What a client asked.

use std::collections::BTreeMap;

use shared::series::Vendor;

/// A request, as far as the vendors look at it.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// Whose protocol it speaks.
    pub(super) vendor: Vendor,
    /// Its path: `/query`.
    pub(super) path: String,
    /// Its parameters, key included.
    pub(super) parameters: BTreeMap<String, String>,
}

impl Request {
    /// Reads a request; `None` where no vendor serves the path.
    pub(super) fn new(path: &str, parameters: BTreeMap<String, String>) -> Option<Self> {
        let vendor = match path {
            "/query" => Vendor::AlphaVantage,
            "/fred/series" | "/fred/series/observations" | "/fred/series/vintagedates" => {
                Vendor::Fred
            }
            _ => return None,
        };
        Some(Self {
            vendor,
            path: path.to_owned(),
            parameters,
        })
    }

    /// A parameter; `None` where it is absent or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.parameters.get(name)?;
        (!value.is_empty()).then_some(value.as_str())
    }

    /// The key, empty where there is none.
    pub(super) fn key(&self) -> &str {
        let name = match self.vendor {
            Vendor::AlphaVantage => "apikey",
            Vendor::Fred => "api_key",
        };
        self.get(name).unwrap_or_default()
    }

    /// Alpha Vantage's function in capitals, empty where there is none.
    pub(super) fn function(&self) -> String {
        self.get("function")
            .unwrap_or_default()
            .to_ascii_uppercase()
    }

    /// Alpha Vantage's symbol in capitals; of an exchange rate both currencies, `EURUSD`.
    pub(super) fn symbol(&self) -> String {
        let part = |name| self.get(name).unwrap_or_default();
        let symbol = match self.get("symbol") {
            Some(symbol) => symbol.to_owned(),
            None => format!("{}{}", part("from_symbol"), part("to_symbol")),
        };
        symbol.to_ascii_uppercase()
    }

    /// The parameters with the key replaced by `***`.
    pub(super) fn masked(&self) -> BTreeMap<String, String> {
        let mask = |name: &str, value: &str| match name {
            "apikey" | "api_key" => "***".to_owned(),
            _ => value.to_owned(),
        };
        self.parameters
            .iter()
            .map(|(name, value)| (name.clone(), mask(name, value)))
            .collect()
    }
}
