//! Workgroups: one, under the name that clients use when they are told none, and under our own.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::BUCKET;
use super::super::wire::AwsError;
use crate::lake::key::QUERY_RESULTS;

/// The workgroup of clients that name none.
pub(super) const DEFAULT: &str = "primary";

const NAMES: [&str; 2] = [DEFAULT, "assay"];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    work_group: String,
}

/// Where results lie.
pub(super) fn output_location() -> String {
    format!("s3://{BUCKET}/{QUERY_RESULTS}")
}

/// Whether there is such a workgroup.
pub(super) fn check(name: &str) -> Result<(), AwsError> {
    if NAMES.contains(&name) {
        return Ok(());
    }
    let message = format!(
        "WorkGroup {name} is not found. There are {}",
        NAMES.join(", ")
    );
    Err(AwsError::invalid(message))
}

pub(super) fn list() -> Value {
    let all =
        NAMES.map(|name| json!({ "Name": name, "State": "ENABLED", "EngineVersion": engine() }));
    json!({ "WorkGroups": all })
}

/// The workgroup's settings win over a client's, so that results lie where they can be read, whatever a client asks for.
pub(super) fn get(asked: &Named) -> Result<Value, AwsError> {
    check(&asked.work_group)?;
    Ok(json!({
        "WorkGroup": {
            "Name": asked.work_group,
            "State": "ENABLED",
            "Configuration": {
                "ResultConfiguration": { "OutputLocation": output_location() },
                "EnforceWorkGroupConfiguration": true,
                "PublishCloudWatchMetricsEnabled": false,
                "RequesterPaysEnabled": false,
                "EngineVersion": engine(),
            },
        }
    }))
}

/// The version whose dialect the embedded engine follows.
pub(super) fn engine() -> Value {
    json!({
        "SelectedEngineVersion": "Athena engine version 3",
        "EffectiveEngineVersion": "Athena engine version 3",
    })
}
