//! What was measured.

use std::time::Duration;

/// What one run came to.
#[derive(Default)]
pub struct Sample {
    /// The latency of each good answer, in microseconds.
    pub micros: Vec<u32>,
    /// Answers that weren't good, and lost connections.
    pub errors: u64,
    /// What the first of them said.
    pub complaint: Option<String>,
    /// How long it took.
    pub elapsed: Duration,
}

impl Sample {
    /// Adds what another connection saw.
    pub fn add(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.errors += other.errors;
        self.complaint = self.complaint.take().or(other.complaint);
    }

    fn row(mut self) -> Row {
        self.micros.sort_unstable();
        let last = self.micros.len().saturating_sub(1);
        let part =
            |share: f64| self.micros.get((last as f64 * share).round() as usize).map(|m| f64::from(*m));
        Row {
            rate: self.micros.len() as f64 / self.elapsed.as_secs_f64().max(0.001),
            p50: part(0.5).map(|micros| micros / 1_000.0),
            p99: part(0.99).map(|micros| micros / 1_000.0),
            errors: self.errors,
            complaint: self.complaint,
            ..Row::default()
        }
    }
}

/// A line of the result.
#[derive(Default)]
pub struct Row {
    key: String,
    label: String,
    /// Good answers in a second.
    rate: f64,
    /// Milliseconds.
    p50: Option<f64>,
    p99: Option<f64>,
    errors: u64,
    /// The server's peak memory, in KiB.
    pub memory: Option<u64>,
    complaint: Option<String>,
}

impl Row {
    /// The run in the middle, with the errors of all.
    pub fn median(samples: Vec<Sample>) -> Self {
        let mut rows: Vec<_> = samples.into_iter().map(Sample::row).collect();
        let errors = rows.iter().map(|row| row.errors).sum();
        let complaint = rows.iter_mut().find_map(|row| row.complaint.take());
        rows.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        let middle = rows.len() / 2;
        let row = rows.into_iter().nth(middle).unwrap_or_default();
        Self { errors, complaint, ..row }
    }

    /// A limit: so many in a second.
    pub fn limit(key: &str, label: &str, mut rates: Vec<f64>) -> Self {
        rates.sort_by(f64::total_cmp);
        let rate = rates.get(rates.len() / 2).copied().unwrap_or_default();
        Self { rate, ..Self::default() }.named(key, label.to_owned())
    }

    /// With its key and label.
    pub fn named(self, key: &str, label: String) -> Self {
        Self { key: key.to_owned(), label, ..self }
    }

    /// Enough pairs for a run of this length at twice this rate.
    pub fn pairs_for(&self, length: Duration) -> usize {
        (self.rate * length.as_secs_f64() * 1.6) as usize + 20_000
    }
}

/// Prints a row: key, label, rate, p50, p99, errors, peak MiB; tab-separated.
#[expect(clippy::print_stdout, reason = "this is what the program is for")]
pub fn tell(row: Row) {
    let some = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1} ms"));
    let memory = row.memory.map_or_else(|| "–".to_owned(), |kib| format!("{} MiB", kib.div_ceil(1_024)));
    let fields = [row.key, row.label, format!("{:.0}", row.rate), some(row.p50), some(row.p99)];
    println!("{}\t{}\t{memory}", fields.join("\t"), row.errors);
    if let Some(complaint) = row.complaint {
        note(&format!("first error: {complaint}"));
    }
}

/// Says something to whoever watches.
#[expect(clippy::print_stderr, reason = "progress and complaints go there")]
pub fn note(text: &str) {
    eprintln!("bench: {text}");
}
