//! The three kinds of "no": a refusal (expected, typed), a denial or unavailability (a stable
//! code), a fault (logged once, answered INTERNAL).

use std::borrow::Cow;

use async_graphql::ErrorExtensions;
use zhibu_domain::{
    error_code::ErrorCode,
    policy::Denied,
    vocabulary::{Language, Refusal, Vocabulary},
};
use zhibu_persistence::StoreError;

use crate::graphql::{Outcome, Refused};

/// Why an operation could not be answered at all.
// No `Display`: async-graphql turns whatever has one into an error without a code.
#[derive(Debug)]
pub enum OpError {
    /// The policy said no.
    Denied(Denied),
    /// The database could not take part.
    Store(StoreError),
    /// Anything else with a code of its own, and a detail for developers.
    Code(ErrorCode, &'static str),
}

impl From<StoreError> for OpError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Denied> for OpError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl OpError {
    /// A fault with a detail for the log.
    pub fn internal(detail: &'static str) -> Self {
        Self::Code(ErrorCode::Internal, detail)
    }

    /// The stable code.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Denied(Denied::Unauthenticated) => ErrorCode::Unauthenticated,
            Self::Denied(Denied::PasswordChangeDue) => ErrorCode::PasswordChangeRequired,
            Self::Denied(Denied::SecondFactorMissing) => ErrorCode::SecondFactorRequired,
            Self::Denied(Denied::ScopeTooSmall(_)) => ErrorCode::InsufficientScope,
            Self::Denied(Denied::Forbidden) => ErrorCode::Forbidden,
            Self::Denied(Denied::Hidden) => ErrorCode::NotFound,
            Self::Store(StoreError::Unavailable(_)) => ErrorCode::Unavailable,
            Self::Store(_) => ErrorCode::Internal,
            Self::Code(code, _) => *code,
        }
    }

    /// A sentence for developers; of a token's lacking scope, which.
    pub fn detail(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Code(ErrorCode::Internal, _) => None,
            Self::Code(_, detail) => Some(Cow::Borrowed(detail)),
            Self::Denied(Denied::ScopeTooSmall(Some(scope))) => Some(Cow::Owned(scope.spoken())),
            Self::Denied(Denied::ScopeTooSmall(None)) => {
                Some(Cow::Borrowed("no scope gives this to a token"))
            }
            Self::Denied(_) | Self::Store(_) => None,
        }
    }

    /// Whether the database is away: then nothing else will fare better.
    pub fn is_unavailable(&self) -> bool {
        self.code() == ErrorCode::Unavailable
    }

    /// Writes a fault to the log; the other kinds are nobody's fault.
    pub fn log(&self) {
        match self.code() {
            ErrorCode::Internal => tracing::error!(error = ?self, "fault"),
            ErrorCode::Unavailable => tracing::warn!(error = ?self, "unavailable"),
            _ => {}
        }
    }
}

impl From<OpError> for async_graphql::Error {
    // The transport puts the sentence in the client's language.
    fn from(error: OpError) -> Self {
        error.log();
        let code = error.code();
        Self::new(code.say(Language::En)).extend_with(|_, e| {
            e.set("code", code.code());
            if let Some(detail) = error.detail() {
                e.set("detail", detail);
            }
        })
    }
}

/// Gives a lower layer's "no" its code.
pub trait OpExt<T> {
    /// The same, with a code.
    fn op(self) -> Result<T, OpError>;
}

impl<T, E: Into<OpError>> OpExt<T> for Result<T, E> {
    fn op(self) -> Result<T, OpError> {
        self.map_err(Into::into)
    }
}

/// Why an operation stopped.
#[derive(Debug)]
pub enum Stop<R> {
    /// Expected: typed in the schema.
    Refused(R, Option<Vec<String>>),
    /// Everything else.
    Error(OpError),
}

macro_rules! stop_from {
    ($($error:ty),+) => {$(
        impl<R> From<$error> for Stop<R> {
            fn from(error: $error) -> Self {
                Self::Error(error.into())
            }
        }
    )+};
}
stop_from!(OpError, StoreError, Denied);

macro_rules! stop_refused {
    ($($refusal:ty),+ $(,)?) => {$(
        impl From<$refusal> for Stop<$refusal> {
            fn from(refusal: $refusal) -> Self {
                Self::Refused(refusal, None)
            }
        }
    )+};
}
stop_refused!(
    zhibu_domain::activity::ActivityRefusal,
    zhibu_domain::activity::AgendaRefusal,
    zhibu_domain::activity::AttendanceRefusal,
    zhibu_domain::activity::ClaimRefusal,
    zhibu_domain::activity::LeaveRefusal,
    zhibu_domain::activity::RecurrenceRefusal,
    zhibu_domain::activity::ThemeRefusal,
    zhibu_domain::activity::check_in::CheckInRefusal,
    zhibu_domain::assignment::AssignmentRefusal,
    zhibu_domain::board::BoardRefusal,
    zhibu_domain::calendar::CalendarRefusal,
    zhibu_domain::desk::ReminderRefusal,
    zhibu_domain::identity::OneTimeCodeRefusal,
    zhibu_domain::identity::PasswordRefusal,
    zhibu_domain::identity::SecondFactorRefusal,
    zhibu_domain::identity::SessionRefusal,
    zhibu_domain::identity::SignInRefusal,
    zhibu_domain::member::MemberRefusal,
    zhibu_domain::member::roster::RosterFileRefusal,
    zhibu_domain::member::PostRefusal,
    zhibu_domain::notification::NotificationRefusal,
    zhibu_domain::organization::OrgUnitRefusal,
    zhibu_domain::queued::QueuedRefusal,
    zhibu_domain::report::ReportExportRefusal,
    zhibu_domain::rule::RuleRefusal,
    zhibu_domain::token::TokenRefusal,
    zhibu_domain::volunteering::HourExportRefusal,
    zhibu_domain::volunteering::HourReportRefusal,
    zhibu_domain::volunteering::HourReviewRefusal,
    zhibu_domain::volunteering::ObjectionRefusal,
    zhibu_domain::volunteering::RecordSheetRefusal,
    zhibu_domain::volunteering::ShiftCheckInRefusal,
    zhibu_domain::volunteering::ShiftRefusal,
    zhibu_domain::volunteering::SignUpRefusal,
    zhibu_domain::volunteering::TeamMemberRefusal,
    zhibu_domain::volunteering::VolunteerProjectRefusal,
    zhibu_domain::webhook::WebhookRefusal,
);

/// Names the input field at fault.
pub fn at<R: Refusal>(field: &str) -> impl Fn(R) -> Stop<R> + '_ {
    move |refusal| Stop::Refused(refusal, Some(field.split('.').map(str::to_owned).collect()))
}

/// Names the input field that each refusal is about, where none is named yet.
pub fn naming<T, R: Refusal>(
    result: Result<T, Stop<R>>,
    field: impl Fn(R) -> Option<&'static str>,
) -> Result<T, Stop<R>> {
    result.map_err(|stop| match stop {
        Stop::Refused(refusal, None) => {
            Stop::Refused(refusal, field(refusal).map(|name| vec![name.to_owned()]))
        }
        other => other,
    })
}

/// What a mutation's resolver answers of its operation's result.
pub fn outcome<D, R: Refusal>(result: Result<D, Stop<R>>) -> async_graphql::Result<Outcome<D, R>> {
    match result {
        Ok(done) => Ok(Outcome::Done(done)),
        Err(Stop::Refused(code, field)) => Ok(Outcome::Refused(Refused { code, field })),
        Err(Stop::Error(error)) => Err(error.into()),
    }
}
