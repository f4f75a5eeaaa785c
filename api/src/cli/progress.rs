use std::{
    io::IsTerminal,
    sync::atomic::{AtomicUsize, Ordering},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::out::complain;

/// Shows how far something is, on stderr: a bar on a terminal, else a line for each tenth.
pub struct Progress {
    what: &'static str,
    bar: Option<ProgressBar>,
    tenths: AtomicUsize,
}

impl Progress {
    /// Nothing has been done yet.
    pub fn new(what: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
            let bar = ProgressBar::new(1).with_message(what);
            if let Ok(style) = style { bar.with_style(style) } else { bar }
        });
        Self { what, bar, tenths: AtomicUsize::new(0) }
    }

    /// So much has been done.
    pub fn set(&self, done: usize, total: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(u64::try_from(total).unwrap_or(u64::MAX));
            bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
            return;
        }
        let tenths = done.saturating_mul(10) / total.max(1);
        if self.tenths.fetch_max(tenths, Ordering::Relaxed) < tenths {
            complain(&format!("{} {}% ({done}/{total})", self.what, tenths * 10));
        }
    }

    /// It is over.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
