use super::{
    AttendanceFlag, AttendanceFlags, CheckInContext, CheckInMethod, CheckInRefusal as Refusal, OfflineScan,
    decide::Evidence,
};
use crate::activity::{ActivityState, ClaimReason};

/// Weighs a scan made without signal. An authentic code of the window with doubtful times goes to the
/// organizer; a code of another activity, a forged one, or one shown outside the window is refused.
pub(super) fn judge(
    text: &str,
    scan: OfflineScan,
    context: &CheckInContext<'_>,
) -> Result<Evidence, Refusal> {
    let weighed = context.screen().weigh(text, scan)?;
    let doubt = if context.activity.state() == ActivityState::Archived {
        Some(ClaimReason::Archived)
    } else if weighed.arrived_late {
        Some(ClaimReason::ArrivedLate)
    } else if !weighed.times_agree {
        Some(ClaimReason::TimesDisagree)
    } else {
        None
    };
    let flags = AttendanceFlags::default()
        .with(AttendanceFlag::Offline)
        .with_if(AttendanceFlag::ClockSkew, weighed.skewed);
    Ok(Evidence { method: CheckInMethod::OfflineQr, occurred_at: weighed.occurred_at, flags, doubt })
}
