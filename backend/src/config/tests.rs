//! What the environment and the file decide.

use super::*;

fn settings(pairs: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    Settings::load(folder.path(), |name| {
        let found = pairs.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn nothing_configured_means_the_synthetic_market() {
    let settings = settings(&[]).unwrap();
    assert!(matches!(settings.market, Market::Synthetic));
    assert_eq!(settings.preset, "fair");
    assert!(settings.lake_folder().ends_with("assay-data/synthetic"));
}

#[test]
fn readers_sign_in_where_all_of_it_is_set_and_nowhere_else() {
    assert_eq!(settings(&[]).unwrap().sign_in, None);
    let all = [
        (
            "ASSAY_SIGN_IN_AUTHORIZE_URL",
            "https://id.example/oauth2/authorize",
        ),
        ("ASSAY_SIGN_IN_TOKEN_URL", "https://id.example/oauth2/token"),
        ("ASSAY_SIGN_IN_CLIENT_ID", "dashboard"),
    ];
    let sign_in = settings(&all).unwrap().sign_in.unwrap();
    assert_eq!(
        (sign_in.client_id.as_str(), sign_in.scope.as_str()),
        ("dashboard", "openid email")
    );
    let error = settings(&all[..2]).unwrap_err().to_string();
    assert_eq!(
        error,
        "ASSAY_SIGN_IN_CLIENT_ID is ``: use the name under which the issuer knows this page"
    );
}

#[test]
fn a_vendor_at_its_own_address_wants_a_key() {
    let with_fred = settings(&[("ASSAY_FRED_KEY", "k")]).unwrap();
    with_fred.check_key(Vendor::Fred).unwrap();
    assert_eq!(
        with_fred
            .check_key(Vendor::AlphaVantage)
            .unwrap_err()
            .to_string(),
        "ASSAY_ALPHAVANTAGE_KEY is not set, and the preset has series of that vendor"
    );
    let at_a_proxy = [
        ("ASSAY_FRED_KEY", "k"),
        ("ASSAY_ALPHAVANTAGE_URL", "http://127.0.0.1:1"),
    ];
    let at_a_proxy = settings(&at_a_proxy).unwrap();
    at_a_proxy.check_key(Vendor::AlphaVantage).unwrap();
    let synthetic = settings(&[]).unwrap();
    synthetic.check_key(Vendor::Fred).unwrap();
}

#[test]
fn a_secret_of_the_cloud_means_the_vendors_on_the_free_plan() {
    let settings = settings(&[("ASSAY_SECRET_ID", "assay/keys")]).unwrap();
    assert_eq!(settings.plan, Plan::Free);
    assert!(matches!(settings.market, Market::Vendors { fred, .. } if fred.url == FRED_URL));
}

#[test]
fn a_key_means_the_vendors_on_the_free_plan() {
    let settings = settings(&[("ASSAY_ALPHAVANTAGE_KEY", "K")]).unwrap();
    assert_eq!(settings.plan, Plan::Free);
    let Market::Vendors {
        alpha_vantage,
        fred,
    } = settings.market
    else {
        panic!("not the vendors")
    };
    assert_eq!(alpha_vantage.url, ALPHA_VANTAGE_URL);
    assert_eq!(fred.key, None);
}

#[test]
fn the_environment_wins_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("assay.toml"),
        "preset = \"classic\"\ntoday = \"2024-02-29\"\n",
    )
    .unwrap();
    let lookup = |name: &str| (name == "ASSAY_PRESET").then(|| "fair".to_owned());
    let settings = Settings::load(folder.path(), lookup).unwrap();
    assert_eq!(settings.preset, "fair");
    assert_eq!(settings.today, NaiveDate::from_ymd_opt(2024, 2, 29));
}

#[test]
fn a_wrong_value_is_named_with_what_is_right() {
    let error = settings(&[("ASSAY_ALPHAVANTAGE_PLAN", "gold")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ASSAY_ALPHAVANTAGE_PLAN is `gold`: use `free`, `premium` or `premium:REQUESTS_PER_MINUTE`"
    );
    let error = settings(&[("ASSAY_TODAY", "2023-02-29")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ASSAY_TODAY is `2023-02-29`: use a date such as 2024-09-23"
    );
}

#[test]
fn a_secret_is_masked_wherever_it_is_echoed() {
    let secret = Secret::new("ABC123");
    assert_eq!(format!("{secret:?}"), "***");
    assert_eq!(
        secret.mask("your key ABC123 is over"),
        "your key *** is over"
    );
}
