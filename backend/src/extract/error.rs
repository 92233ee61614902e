//! Why a vendor gave no data, and whether another attempt can help.

use shared::run::Failure;

use crate::lake::LakeError;

/// Why a vendor gave no data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VendorError {
    /// Another attempt may succeed.
    #[error("{message}")]
    Retry {
        /// What happened; keys masked.
        message: String,
        /// Not before so many seconds, where the vendor says so.
        after_seconds: Option<u64>,
    },
    /// No call can succeed before the next UTC day: today's quota is used up.
    #[error("{message}")]
    QuotaExhausted {
        /// What happened; keys masked.
        message: String,
    },
    /// Another attempt will fail too, until somebody does what `advice` says.
    #[error("{message}")]
    Fail {
        /// What happened; keys masked.
        message: String,
        /// What to do.
        advice: String,
    },
}

impl VendorError {
    /// A failure that another attempt may mend, at any time.
    pub(super) fn retry(message: impl Into<String>) -> Self {
        Self::Retry {
            message: message.into(),
            after_seconds: None,
        }
    }

    /// A failure that another attempt may mend, but not before so many seconds.
    pub(super) fn retry_after(message: impl Into<String>, seconds: u64) -> Self {
        Self::Retry {
            message: message.into(),
            after_seconds: Some(seconds),
        }
    }

    /// A failure that stays until somebody acts.
    pub(super) fn fail(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Fail {
            message: message.into(),
            advice: advice.into(),
        }
    }

    /// The same for the report of a run.
    pub fn failure(&self) -> Failure {
        let (advice, retry) = match self {
            Self::Retry { .. } => (
                "run again later; the last good data is used meanwhile",
                true,
            ),
            Self::QuotaExhausted { .. } => (
                "run again after midnight UTC, or set ASSAY_ALPHAVANTAGE_PLAN if the key has a premium plan",
                true,
            ),
            Self::Fail { advice, .. } => (advice.as_str(), false),
        };
        Failure {
            step: None,
            message: self.to_string(),
            advice: advice.to_owned(),
            retry,
        }
    }
}

impl From<LakeError> for VendorError {
    /// An answer that cannot be kept, or a quota that cannot be counted, is as good as none.
    fn from(error: LakeError) -> Self {
        let advice = match &error {
            LakeError::Changed(_) => return Self::retry(error.to_string()),
            LakeError::Full(_) => "free some space, or move ASSAY_HOME to a larger disk",
            LakeError::ReadOnly(_) => "let this user write to ASSAY_HOME",
            LakeError::Denied { .. } => "grant it to the function's role",
            LakeError::Other { .. } => "look at the folder ASSAY_HOME",
        };
        let message = match &error {
            LakeError::Other { cause, .. } => format!("{error}: {cause}"),
            _ => error.to_string(),
        };
        Self::fail(message, advice)
    }
}
