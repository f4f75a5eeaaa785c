use zhibu_domain::{
    policy::Denied,
    vocabulary::{Language, Vocabulary},
};
use zhibu_persistence::StoreError;

use crate::{
    demo::DemoError,
    error::{OpError, Stop},
    server::StartError,
};

/// Why a command ends, and with which code.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub code: u8,
    /// A sentence for the operator.
    pub message: String,
}

impl Failure {
    /// Something went wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: 1, message: message.into() }
    }

    /// An argument or a setting can't be used.
    pub fn setting(message: impl Into<String>) -> Self {
        Self { code: 2, message: message.into() }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::new(error.0)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        StartError::from(error).into()
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl<R: Vocabulary> From<Stop<R>> for Failure {
    fn from(stop: Stop<R>) -> Self {
        match stop {
            Stop::Refused(refusal, _) => {
                Self::new(format!("{} {}", refusal.say(Language::Zh), refusal.say(Language::En)))
            }
            Stop::Error(error) => error.into(),
        }
    }
}

impl From<OpError> for Failure {
    fn from(error: OpError) -> Self {
        match error {
            OpError::Denied(Denied::Hidden) => Self::setting("there is no such unit or client"),
            OpError::Store(error) => error.into(),
            error => Self::new(format!("{error:?}")),
        }
    }
}
