//! Scans made without signal. The code proves that the phone saw the screen in that step; only
//! how long ago it did so rests on the phone's own clock, corrected by its error.

use chrono::Duration;

use super::{
    AttendanceFlag, AttendanceFlags, CheckInContext, CheckInMethod, CheckInRefusal as Refusal, CodeRefusal,
    OfflineScan, QrPayload,
    decide::{Evidence, check_window},
};
use crate::{
    activity::{ActivityState, ClaimReason, TimeWindow},
    rule::RuleKey,
};

/// What travelling and rounding may shift between two readings of a clock.
const TOLERANCE: Duration = Duration::seconds(5);
/// The error of a phone's clock beyond which the organizer is told.
const SKEW: Duration = Duration::minutes(2);

/// Weighs a scan. An authentic code of the window with doubtful times goes to the organizer; a
/// code of another activity, a forged one, or one shown outside the window is refused.
pub(super) fn judge(
    text: &str,
    scan: OfflineScan,
    context: &CheckInContext<'_>,
) -> Result<Evidence, Refusal> {
    let CheckInContext { activity, key, rules, now, .. } = *context;
    let payload = QrPayload::parse(text).ok_or(Refusal::CodeWrong)?;
    if payload.activity_id != activity.id {
        return Err(CodeRefusal::OtherActivity.into());
    }
    let shown = payload.shown(rules);
    if !payload.is_authentic(key) || shown.starts_at > now {
        return Err(Refusal::CodeWrong);
    }
    let grace = rules.seconds(RuleKey::CodeGraceSeconds);
    let seen = TimeWindow { starts_at: shown.starts_at, ends_at: shown.ends_at + grace };
    let window = activity.check_in_window();
    check_window(window, seen)?;
    if now > activity.correctable_until(rules) {
        return Err(Refusal::TooLate);
    }

    let skew = now.signed_duration_since(scan.sent_at);
    let scanned_at = scan
        .scanned_at
        .checked_add_signed(skew)
        .filter(|_| scan.scanned_at <= scan.sent_at)
        .filter(|at| seen.starts_at - TOLERANCE <= *at && *at <= seen.ends_at + TOLERANCE);
    // The code bounds the time whatever the phone says.
    let occurred_at = scanned_at.unwrap_or(seen.starts_at).max(seen.starts_at).min(seen.ends_at);
    let arrival = Duration::hours(rules.get(RuleKey::OfflineScanHours));
    let doubt = if activity.state() == ActivityState::Archived {
        Some(ClaimReason::Archived)
    } else if now.signed_duration_since(shown.starts_at) > arrival {
        Some(ClaimReason::ArrivedLate)
    } else if scanned_at.is_none() {
        Some(ClaimReason::TimesDisagree)
    } else {
        // The step overlaps the window, but the scan itself has to lie in it.
        check_window(window, TimeWindow { starts_at: occurred_at, ends_at: occurred_at })?;
        None
    };
    let flags = AttendanceFlags::default()
        .with(AttendanceFlag::Offline)
        .with_if(AttendanceFlag::ClockSkew, skew.abs() > SKEW);
    let occurred_at = occurred_at.max(window.starts_at).min(window.ends_at).min(now);
    Ok(Evidence { method: CheckInMethod::OfflineQr, occurred_at, flags, doubt })
}
