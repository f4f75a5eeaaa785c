//! The server's memory, as Linux tells it.

use std::fs;

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

fn kib(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
