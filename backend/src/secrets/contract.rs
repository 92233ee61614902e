//! What every keeper of keys must do; each twin's own tests call these.

use shared::series::Vendor;

use super::Secrets;

/// The keys that [`suite`] expects.
pub(crate) const KEYS: [(Vendor, &str); 2] = [
    (Vendor::AlphaVantage, "SUITEALPHA"),
    (Vendor::Fred, "suitefred"),
];

/// All of the suite: each vendor has its own key, the same whenever it is asked for, and none can be printed.
pub(crate) async fn suite(secrets: &dyn Secrets) {
    for _ in 0..2 {
        for (vendor, expected) in KEYS {
            let key = secrets.key(vendor).await.unwrap().unwrap();
            assert_eq!(key.expose(), expected);
            assert!(!format!("{key:?}").contains(expected));
        }
    }
}
