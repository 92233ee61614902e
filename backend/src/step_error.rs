//! Why a step stopped, and whether another attempt can help: decided where the failure is understood.

/// The failure of a step.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Another attempt may succeed: a time-out, a busy vendor, a lost race.
    #[error("{advice}")]
    Retry {
        /// What the user may do meanwhile.
        advice: String,
        /// What happened.
        #[source]
        cause: anyhow::Error,
    },
    /// Another attempt will fail too, until somebody does what `advice` says.
    #[error("{advice}")]
    Fail {
        /// What to do.
        advice: String,
        /// What happened.
        #[source]
        cause: anyhow::Error,
    },
    /// The user asked to stop.
    #[error("the run was stopped on request; nothing was published")]
    Cancelled,
}

impl StepError {
    /// A failure that another attempt may mend.
    pub fn retry(cause: impl Into<anyhow::Error>, advice: impl Into<String>) -> Self {
        Self::Retry {
            advice: advice.into(),
            cause: cause.into(),
        }
    }

    /// A failure that stays until somebody acts.
    pub fn fail(cause: impl Into<anyhow::Error>, advice: impl Into<String>) -> Self {
        Self::Fail {
            advice: advice.into(),
            cause: cause.into(),
        }
    }
}
