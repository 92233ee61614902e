//! Settings that only the cloud has: names of what the stack made. AWS's own settings (`AWS_*`) are read by its SDK.

/// Names of the stack's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloudSettings {
    /// Bucket of the lake. Without it there is no cloud.
    pub bucket: Option<String>,
    /// Bucket of the dashboard: gets a copy of the first view.
    pub site_bucket: Option<String>,
    /// Origins of the dashboard, such as `https://d123.cloudfront.net`: pages that may act.
    pub site_origins: Vec<String>,
    /// Event bus.
    pub event_bus: String,
    /// Secret with the vendors' keys.
    pub secret_id: Option<String>,
    /// Database of the tables.
    pub glue_database: String,
    /// Crawler that is started after a publication.
    pub glue_crawler: Option<String>,
    /// Workgroup of the questions.
    pub athena_workgroup: String,
}

impl CloudSettings {
    /// Reads them as `get` tells them; an empty value is none.
    pub fn load(get: impl Fn(&str) -> Option<String>) -> Self {
        let or = |name: &str, default: &str| get(name).unwrap_or_else(|| default.to_owned());
        let origins = get("ASSAY_SITE_ORIGIN").unwrap_or_default();
        let origins = origins
            .split(',')
            .map(|origin| origin.trim().trim_end_matches('/'));
        Self {
            bucket: get("ASSAY_BUCKET"),
            site_bucket: get("ASSAY_SITE_BUCKET"),
            site_origins: origins
                .filter(|o| !o.is_empty())
                .map(str::to_owned)
                .collect(),
            event_bus: or("ASSAY_EVENT_BUS", "default"),
            secret_id: get("ASSAY_SECRET_ID"),
            glue_database: or("ASSAY_GLUE_DATABASE", "assay"),
            glue_crawler: get("ASSAY_GLUE_CRAWLER"),
            athena_workgroup: or("ASSAY_ATHENA_WORKGROUP", "assay"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_has_the_stacks_default_name() {
        let settings = CloudSettings::load(|_| None);
        assert_eq!(
            (
                settings.event_bus.as_str(),
                settings.glue_database.as_str(),
                settings.athena_workgroup.as_str()
            ),
            ("default", "assay", "assay")
        );
        assert_eq!((settings.bucket, settings.site_origins), (None, vec![]));
    }

    #[test]
    fn origins_are_told_apart_by_commas_and_need_no_slash() {
        let settings = CloudSettings::load(|name| {
            (name == "ASSAY_SITE_ORIGIN")
                .then(|| "https://a.example/, https://b.example,".to_owned())
        });
        assert_eq!(
            settings.site_origins,
            ["https://a.example", "https://b.example"]
        );
    }
}
