//! Screens that follow an activity's counts: what each costs while nothing happens, and how soon
//! the last one hears of a check-in.

use std::{
    cell::RefCell,
    rc::Rc,
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt, stream::SplitStream};
use serde_json::json;
use tokio::{net::TcpStream, sync::Notify, task::JoinSet};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::{
    Fault, check_in,
    crowd::Crowd,
    load::Measure,
    meeting::{self, Size},
    process,
    sample::{Row, Sample, note},
    wire::Wire,
};

/// Sockets opened at the same time.
const OPENERS: usize = 64;
/// How long all of them are waited for.
const PATIENCE: Duration = Duration::from_secs(60);

type Socket = WebSocketStream<TcpStream>;

/// What the screens have been told.
#[derive(Default)]
struct Told {
    /// When each was told since the last check-in.
    at: RefCell<Vec<Instant>>,
    /// The first that went wrong.
    complaint: RefCell<Option<String>>,
    more: Notify,
}

impl Told {
    /// Waits until so many were told; answers when.
    async fn all(&self, screens: usize) -> Vec<Instant> {
        let all = async {
            while self.at.borrow().len() < screens {
                self.more.notified().await;
            }
        };
        let _whoever_was_not = tokio::time::timeout(PATIENCE, all).await;
        std::mem::take(&mut self.at.borrow_mut())
    }

    fn complain(&self, what: String) {
        self.complaint.borrow_mut().get_or_insert(what);
    }
}

/// Opens the screens, rests, and lets one member after the other check in.
pub async fn measure(measure: &Measure, crowd: &Rc<Crowd>, screens: usize) -> Result<Row, Fault> {
    let meetings = meeting::hold_all(crowd, Size::Branch, 1).await?;
    let meeting = meetings.first().ok_or("nobody meets")?;
    process::rest(measure.pid).await;
    let (token, office) = (crowd.office_token().await?, crowd.office().await?);
    let resident = || measure.pid.and_then(process::now).unwrap_or_default();
    let before = resident();
    let told = Rc::new(Told::default());
    let mut openers = JoinSet::new();
    for opener in 0..OPENERS {
        let many = screens / OPENERS + usize::from(opener < screens % OPENERS);
        let (told, measure, token, id) = (Rc::clone(&told), *measure, token.clone(), meeting.id.clone());
        openers.spawn_local(async move {
            for _ in 0..many {
                let socket = open(&measure, &token, &id).await.map_err(|fault| fault.to_string())?;
                tokio::task::spawn_local(read(socket, Rc::clone(&told)));
            }
            Ok::<_, String>(())
        });
    }
    while let Some(opened) = openers.join_next().await {
        opened??;
    }
    let first = told.all(screens).await;
    note(&format!("{} of {screens} screens are open", first.len()));
    told.complaint.borrow().iter().for_each(|complaint| note(complaint));
    tokio::time::sleep(measure.length).await;
    let each = resident().saturating_sub(before) * 1_024 / u64::try_from(screens.max(1))?;
    let mut samples = Vec::with_capacity(measure.runs);
    let mut wire = Wire::connect(measure.address).await?;
    for member in meeting.people.iter().take(measure.runs) {
        let codes = meeting::codes(&office, std::slice::from_ref(meeting)).await?;
        let code = codes.first().ok_or("no code")?;
        let request = check_in::request(crowd, *member, code).ok_or("nobody to check in")?;
        let started = Instant::now();
        if !check_in::is_done(&wire.exchange(&request).await?) {
            return Err("a check-in was refused".into());
        }
        let heard = told.all(screens).await;
        let micros = heard.iter().map(|at| at.duration_since(started).as_micros());
        samples.push(Sample {
            micros: micros.map(|micros| u32::try_from(micros).unwrap_or(u32::MAX)).collect(),
            errors: u64::try_from(screens - heard.len().min(screens))?,
            complaint: told.complaint.borrow().clone(),
            elapsed: heard.iter().max().map_or(PATIENCE, |last| last.duration_since(started)),
        });
        // So that the next check-in isn't told together with this one.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let label =
        format!("{screens} screens follow an activity and are told of one check-in ({each} bytes each)");
    Ok(Row::median(samples).named("screens", label))
}

async fn open(measure: &Measure, token: &str, id: &str) -> Result<SplitStream<Socket>, Fault> {
    let mut request = format!("ws://{}/graphql", measure.address).into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
    let stream = TcpStream::connect(measure.address).await?;
    let (mut socket, _) = client_async(request, stream).await?;
    let query = "subscription($a: ID!) { tally(activityId: $a) { expected present late onLeave pending } }";
    let hello =
        json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    let follow =
        json!({ "type": "subscribe", "id": "1", "payload": { "query": query, "variables": { "a": id } } });
    socket.send(Message::text(hello.to_string())).await?;
    socket.send(Message::text(follow.to_string())).await?;
    Ok(socket.split().1)
}

async fn read(mut socket: SplitStream<Socket>, told: Rc<Told>) {
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Text(text) if text.contains(r#""type":"next""#) => {
                told.at.borrow_mut().push(Instant::now());
                told.more.notify_one();
            }
            Message::Text(text) if text.contains("connection_ack") => {}
            Message::Text(_) | Message::Close(_) => told.complain(format!("a screen was told: {message}")),
            _ => {}
        }
    }
}
