//! The server's memory and its rest, as Linux tells them.

use std::{fs, time::Duration};

use tokio::time::sleep;

use crate::sample::note;

/// How long a look at the processor's time takes.
const LOOK: Duration = Duration::from_millis(500);
/// Hundredths of a second that a server at rest uses in that time, at most.
const IDLE: u64 = 2;
/// How many looks long its rest is waited for.
const PATIENCE: usize = 600;

/// Begins a new peak.
pub fn forget_peak(pid: u32) {
    // Not allowed everywhere; then the peak is the process's.
    let _kept = fs::write(format!("/proc/{pid}/clear_refs"), "5");
}

/// The most resident memory since then, in KiB.
pub fn peak(pid: u32) -> Option<u64> {
    kib(pid, "VmHWM:")
}

/// The resident memory, in KiB.
pub fn now(pid: u32) -> Option<u64> {
    kib(pid, "VmRSS:")
}

/// Waits until the server has done what was left to do: to tell everybody of the activities that were
/// just published takes longer than to publish them, and isn't what is measured.
pub async fn rest(pid: Option<u32>) {
    let Some(mut before) = pid.and_then(ticks) else { return };
    for _ in 0..PATIENCE {
        sleep(LOOK).await;
        let Some(now) = pid.and_then(ticks) else { return };
        if now.saturating_sub(before) <= IDLE {
            return;
        }
        before = now;
    }
    note("the server doesn't come to rest; it is measured all the same");
}

/// The time that the processors have given it, in hundredths of a second.
fn ticks(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name may hold spaces; behind its bracket the user's and the system's time are the 12th and 13th.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

fn kib(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
