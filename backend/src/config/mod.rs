//! Settings: the environment wins over `assay.toml`, which wins over the defaults. Nothing else reads either.

mod sign_in;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Deserialize;
use shared::api::SignIn;
use shared::series::Vendor;

pub use crate::cloud_settings::CloudSettings;
pub use crate::secret::Secret;

/// What Alpha Vantage allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// 25 requests a day, one a second; no `outputsize=full` of daily stock prices.
    Free,
    /// No daily limit; this many requests a minute.
    Premium {
        /// Requests a minute.
        per_minute: u32,
    },
}

impl std::str::FromStr for Plan {
    type Err = ConfigError;

    /// Reads `free`, `premium` (75 a minute, the smallest plan) or `premium:300`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':').unwrap_or((text, "75")) {
            ("free", _) => Ok(Self::Free),
            ("premium", rate) => match rate.trim().parse() {
                Ok(per_minute) if per_minute > 0 => Ok(Self::Premium { per_minute }),
                _ => Err(ConfigError::bad("ASSAY_ALPHAVANTAGE_PLAN", text)),
            },
            _ => Err(ConfigError::bad("ASSAY_ALPHAVANTAGE_PLAN", text)),
        }
    }
}

/// How to reach one vendor.
#[derive(Clone, Debug)]
pub struct VendorSettings {
    /// Base address without a trailing slash.
    pub url: String,
    /// The key, if there is one.
    pub key: Option<Secret>,
}

/// Where market data comes from.
#[derive(Clone, Debug)]
pub enum Market {
    /// The vendors, or whatever answers at their configured addresses.
    Vendors {
        /// Alpha Vantage.
        alpha_vantage: VendorSettings,
        /// FRED.
        fred: VendorSettings,
    },
    /// The built-in synthetic market: neither key nor address is configured.
    Synthetic,
}

/// All settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of all that is kept.
    pub home: PathBuf,
    /// Where market data comes from.
    pub market: Market,
    /// What Alpha Vantage allows.
    pub plan: Plan,
    /// If set, the clock stands at the end of this day (UTC).
    pub today: Option<NaiveDate>,
    /// Preset used when none is named.
    pub preset: String,
    /// Token that starting runs and running SQL needs when the server is not on loopback.
    pub token: Option<Secret>,
    /// Where readers sign in, if they do.
    pub sign_in: Option<SignIn>,
    /// What only the cloud has.
    pub cloud: CloudSettings,
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value that does not parse.
    #[error("{name} is `{value}`: {expected}")]
    Bad {
        /// The setting.
        name: String,
        /// Its value.
        value: String,
        /// What it should look like.
        expected: String,
    },
    /// The key of a vendor that is to be asked.
    #[error("{name} is not set, and the preset has series of that vendor")]
    Missing {
        /// The setting.
        name: String,
    },
    /// The cloud has no lake without it.
    #[error("ASSAY_BUCKET is not set: it names the bucket of the lake")]
    NoBucket,
    /// `assay.toml` is no TOML or names an unknown setting.
    #[error("cannot read `{path}`: {message}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}

impl ConfigError {
    fn bad(name: &str, value: &str) -> Self {
        let expected = match name {
            "ASSAY_ALPHAVANTAGE_PLAN" => "use `free`, `premium` or `premium:REQUESTS_PER_MINUTE`",
            "ASSAY_TODAY" => "use a date such as 2024-09-23",
            "ASSAY_SIGN_IN_CLIENT_ID" => "use the name under which the issuer knows this page",
            _ => "use an address such as https://www.alphavantage.co",
        };
        Self::Bad {
            name: name.to_owned(),
            value: value.to_owned(),
            expected: expected.to_owned(),
        }
    }
}

const ALPHA_VANTAGE_URL: &str = "https://www.alphavantage.co";
const FRED_URL: &str = "https://api.stlouisfed.org";

/// `assay.toml`, with the names of the environment in lower case and without `ASSAY_`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    home: Option<String>,
    alphavantage_key: Option<String>,
    fred_key: Option<String>,
    alphavantage_url: Option<String>,
    fred_url: Option<String>,
    alphavantage_plan: Option<String>,
    today: Option<String>,
    preset: Option<String>,
    token: Option<String>,
    sign_in: sign_in::File,
}

impl Settings {
    /// Reads `assay.toml` in `folder`, if there is one, and the environment as `lookup` tells it.
    pub fn load(
        folder: &Path,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let file = read_file(&folder.join("assay.toml"))?;
        let get = |name: &str, from_file: Option<String>| {
            lookup(name).or(from_file).filter(|text| !text.is_empty())
        };
        let cloud = CloudSettings::load(|name| get(name, None));
        let market = market(
            cloud.secret_id.is_some(),
            get("ASSAY_ALPHAVANTAGE_KEY", file.alphavantage_key),
            get("ASSAY_ALPHAVANTAGE_URL", file.alphavantage_url),
            get("ASSAY_FRED_KEY", file.fred_key),
            get("ASSAY_FRED_URL", file.fred_url),
        )?;
        let plan = match get("ASSAY_ALPHAVANTAGE_PLAN", file.alphavantage_plan) {
            Some(text) => text.parse()?,
            // The synthetic market has no limits; a vendor's default is what everybody has.
            None if matches!(market, Market::Synthetic) => Plan::Premium { per_minute: 60_000 },
            None => Plan::Free,
        };
        let today = match get("ASSAY_TODAY", file.today) {
            Some(text) => Some(
                text.parse()
                    .map_err(|_| ConfigError::bad("ASSAY_TODAY", &text))?,
            ),
            None => None,
        };
        let home = get("ASSAY_HOME", file.home).unwrap_or_else(|| "assay-data".to_owned());
        Ok(Self {
            home: folder.join(home),
            market,
            plan,
            today,
            preset: get("ASSAY_PRESET", file.preset).unwrap_or_else(|| "fair".to_owned()),
            token: get("ASSAY_TOKEN", file.token).map(Secret::new),
            sign_in: sign_in::read(get, file.sign_in)?,
            cloud,
        })
    }

    /// Reads `assay.toml` in the working folder and the process's environment.
    pub fn from_environment() -> Result<Self, ConfigError> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads it")]
        Self::load(Path::new(""), |name| std::env::var(name).ok())
    }

    /// Whether `vendor` can be asked. At its own address it wants a key; at another one a proxy may add it.
    pub fn check_key(&self, vendor: Vendor) -> Result<(), ConfigError> {
        let Market::Vendors {
            alpha_vantage,
            fred,
        } = &self.market
        else {
            return Ok(());
        };
        let (settings, own, name) = match vendor {
            Vendor::AlphaVantage => (alpha_vantage, ALPHA_VANTAGE_URL, "ASSAY_ALPHAVANTAGE_KEY"),
            Vendor::Fred => (fred, FRED_URL, "ASSAY_FRED_KEY"),
        };
        if settings.key.is_some() || settings.url != own {
            return Ok(());
        }
        let name = name.to_owned();
        Err(ConfigError::Missing { name })
    }

    /// The lake's folder: synthetic and real data never share one.
    pub fn lake_folder(&self) -> PathBuf {
        match self.market {
            Market::Synthetic => self.home.join("synthetic"),
            Market::Vendors { .. } => self.home.join("lake"),
        }
    }
}

/// The vendors as soon as anything of them is known: a key, an address, or the secret that holds the keys.
fn market(
    keys_are_secret: bool,
    av_key: Option<String>,
    av_url: Option<String>,
    fred_key: Option<String>,
    fred_url: Option<String>,
) -> Result<Market, ConfigError> {
    let named = [&av_key, &av_url, &fred_key, &fred_url];
    if !keys_are_secret && named.iter().all(|text| text.is_none()) {
        return Ok(Market::Synthetic);
    }
    Ok(Market::Vendors {
        alpha_vantage: VendorSettings {
            url: address("ASSAY_ALPHAVANTAGE_URL", av_url, ALPHA_VANTAGE_URL)?,
            key: av_key.map(Secret::new),
        },
        fred: VendorSettings {
            url: address("ASSAY_FRED_URL", fred_url, FRED_URL)?,
            key: fred_key.map(Secret::new),
        },
    })
}

fn address(name: &str, given: Option<String>, default: &str) -> Result<String, ConfigError> {
    let url = given.unwrap_or_else(|| default.to_owned());
    if url.starts_with("http://") || url.starts_with("https://") {
        Ok(url.trim_end_matches('/').to_owned())
    } else {
        Err(ConfigError::bad(name, &url))
    }
}

fn read_file(path: &Path) -> Result<File, ConfigError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(File::default()),
        Err(error) => {
            return Err(ConfigError::File {
                path: path.to_owned(),
                message: error.to_string(),
            });
        }
    };
    toml::from_str(&text).map_err(|error| ConfigError::File {
        path: path.to_owned(),
        message: error.message().to_owned(),
    })
}

#[cfg(test)]
mod tests;
