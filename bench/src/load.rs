//! The closed loop: each connection sends its next request when it has its answer.

use std::{
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{
    Fault, process,
    sample::{Row, Sample},
    wire::{Answer, Wire},
};

/// Where requests come from.
pub trait Source: 'static {
    /// Writes the next request; none when nothing is left. The number names it to `accept`.
    async fn next(&self, request: &mut Vec<u8>) -> Option<usize>;
    /// Whether the answer is good.
    fn accept(&self, number: usize, answer: &Answer<'_>) -> bool;
}

/// How a workload is measured.
#[derive(Clone, Copy)]
pub struct Measure {
    /// Where the server listens.
    pub address: SocketAddr,
    /// Its process.
    pub pid: Option<u32>,
    /// How long a run takes.
    pub length: Duration,
    /// How many there are.
    pub runs: usize,
}

impl Measure {
    /// Runs a workload several times, each with what `prepare` makes; tells the median.
    pub async fn repeat<S: Source>(
        &self,
        connections: usize,
        prepare: impl AsyncFn() -> Result<Rc<S>, Fault>,
    ) -> Result<Row, Fault> {
        let mut samples = Vec::with_capacity(self.runs);
        let mut memory = None;
        for _ in 0..self.runs {
            let source = prepare().await?;
            self.pid.inspect(|pid| process::forget_peak(*pid));
            samples.push(self.once(connections, source).await?);
            memory = memory.max(self.pid.and_then(process::peak));
        }
        let mut row = Row::median(samples);
        row.memory = memory;
        Ok(row)
    }

    async fn once<S: Source>(&self, connections: usize, source: Rc<S>) -> Result<Sample, Fault> {
        let mut wires = Vec::with_capacity(connections);
        for _ in 0..connections {
            wires.push(Wire::connect(self.address).await?);
        }
        let started = Instant::now();
        let until = started + self.length;
        let mut loops = JoinSet::new();
        for wire in wires {
            loops.spawn_local(turn(wire, Rc::clone(&source), until));
        }
        let mut sum = Sample::default();
        while let Some(sample) = loops.join_next().await {
            sum.add(sample?);
        }
        sum.elapsed = started.elapsed();
        Ok(sum)
    }
}

async fn turn<S: Source>(mut wire: Wire, source: Rc<S>, until: Instant) -> Sample {
    let mut sample = Sample::default();
    let mut request = Vec::with_capacity(2_048);
    while Instant::now() < until {
        request.clear();
        let Some(number) = source.next(&mut request).await else { break };
        let asked = Instant::now();
        let complaint = match wire.exchange(&request).await {
            Ok(answer) if answer.ok && source.accept(number, &answer) => {
                sample.micros.push(u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX));
                continue;
            }
            Ok(answer) => String::from_utf8_lossy(answer.body).chars().take(300).collect(),
            Err(error) => {
                sample.errors += 1;
                sample.complaint = Some(error.to_string());
                break;
            }
        };
        sample.errors += 1;
        sample.complaint.get_or_insert(complaint);
    }
    sample
}

/// The cheapest request that the server answers.
pub struct Probe(Vec<u8>);

impl Probe {
    /// A probe of the server.
    pub fn new(measure: &Measure) -> Self {
        Self(format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", measure.address).into_bytes())
    }
}

impl Source for Probe {
    async fn next(&self, request: &mut Vec<u8>) -> Option<usize> {
        request.extend_from_slice(&self.0);
        Some(0)
    }

    fn accept(&self, _: usize, answer: &Answer<'_>) -> bool {
        answer.body == b"ok\n"
    }
}
