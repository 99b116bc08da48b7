//! One WebSocket: client frames in, the session's frames out, in order and without a gap.

use super::router::App;
use super::sieve::Kind;
use super::upgrade::{Heard, Socket, Upgrade};
use super::uploads;
use super::wire::{self, Action, ClientFrame, Hello, Identity};
use crate::chat::frame::ErrorCode;
use crate::chat::{Accept, Answer, Conversation, Sent, ServerFrame};
use crate::store::chat::Write;
use crate::turn::{Signed, offer};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, frame::coding::CloseCode};

const LONGEST_SILENCE: Duration = Duration::from_secs(120);
const SEND_TIMEOUT: Duration = Duration::from_secs(20);
const REPLAY_PAGE: i64 = 500;
/// Frames a second a client may send, and how many at once.
const RATE: f64 = 20.0;
const BURST: f64 = 60.0;

/// `GET /v1/chat`.
pub async fn upgrade(State(app): State<Arc<App>>, headers: HeaderMap, upgrade: Upgrade) -> Result<Response, super::Error> {
    if !origin_allowed(&headers, &app.allowed_origins) {
        return Err(super::Error::Forbidden("this page's origin may not open chats here; see --allow-origin"));
    }
    let place = app.sockets.clone().try_acquire_owned().map_err(|_| super::Error::Busy(5))?;
    Ok(upgrade.then(move |socket| async move {
        let tasks = app.hub.tracker().clone();
        tasks.track_future(serve(app, socket)).await;
        drop(place);
    }))
}

/// Browsers name the page's origin; programs do not. The page's own host is always allowed.
fn origin_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, rest)| rest == host);
    own || allowed.iter().any(|a| a == origin || a == "*")
}

async fn serve(app: Arc<App>, mut socket: Socket) {
    let stop = app.hub.stop_token().clone();
    let mut line: Option<Line> = None;
    let mut bucket = Bucket::full();
    let mut sound: Option<Sound> = None;
    loop {
        let event = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            live = next_live(&mut line) => Incoming::Live(live),
            message = tokio::time::timeout(LONGEST_SILENCE, socket.next()) => match message {
                Ok(Some(Ok(message))) => Incoming::Client(message),
                Ok(Some(Err(_)) | None) => break,
                Err(_) if line.is_some() => Incoming::Silence,
                Err(_) => break,
            },
        };
        let alive = match event {
            Incoming::Live(live) => forward(&app, &mut socket, line.as_mut(), live).await,
            Incoming::Silence => send(&mut socket, Message::Ping(Default::default())).await,
            Incoming::Client(Heard::Close) => break,
            Incoming::Client(Heard::Pulse) => true,
            Incoming::Client(message) => {
                // Sound is limited by its length, not by its frames.
                let free = sound.is_some() && matches!(message, Heard::Binary(_) | Heard::TooLarge(Kind::Binary));
                let replies = match free || bucket.take(Instant::now()) {
                    true => react(&app, &mut line, &mut sound, message).await,
                    false => vec![
                        ServerFrame::Error {
                            code: ErrorCode::TooMany,
                            message: "too many frames; slow down".into(),
                            retry_ms: Some(1_000),
                        }
                        .encode(None),
                    ],
                };
                let mut alive = true;
                for reply in replies {
                    alive = alive && send(&mut socket, Message::Text(reply.into())).await;
                }
                alive
            }
        };
        if !alive {
            return;
        }
    }
    let farewell = CloseFrame { code: CloseCode::Away, reason: "the server is going down; reconnect".into() };
    let _ = send(&mut socket, Message::Close(stop.is_cancelled().then_some(farewell))).await;
}

/// A socket that has said hello.
struct Line {
    conversation: Arc<Conversation>,
    live: broadcast::Receiver<Sent>,
    last_sent: i64,
}

/// A voice message being spoken.
struct Sound {
    id: String,
    bytes: Vec<u8>,
}

enum Incoming {
    Live(Result<Sent, RecvError>),
    Client(Heard),
    Silence,
}

async fn next_live(line: &mut Option<Line>) -> Result<Sent, RecvError> {
    match line {
        Some(line) => line.live.recv().await,
        None => std::future::pending().await,
    }
}

async fn forward(app: &App, socket: &mut Socket, line: Option<&mut Line>, live: Result<Sent, RecvError>) -> bool {
    let Some(line) = line else { return true };
    match live {
        Ok(Sent { seq: Some(seq), .. }) if seq <= line.last_sent => true,
        Ok(Sent { seq, json }) => {
            line.last_sent = seq.unwrap_or(line.last_sent);
            send(socket, Message::Text(json.as_ref().into())).await
        }
        Err(RecvError::Lagged(_)) => replay(app, socket, line).await,
        Err(RecvError::Closed) => false,
    }
}

async fn replay(app: &App, socket: &mut Socket, line: &mut Line) -> bool {
    loop {
        let Ok(frames) = app.hub.store.frames_after(&line.conversation.id, line.last_sent, REPLAY_PAGE).await else { return false };
        if frames.is_empty() {
            return true;
        }
        for (seq, json) in frames {
            line.last_sent = seq;
            if !send(socket, Message::Text(json.into())).await {
                return false;
            }
        }
    }
}

/// What to send back at once; everything else comes over the live line.
async fn react(app: &Arc<App>, line: &mut Option<Line>, sound: &mut Option<Sound>, message: Heard) -> Vec<String> {
    let text = match &message {
        Heard::Text(text) => text.as_str(),
        Heard::Binary(bytes) => return hear(sound, bytes),
        Heard::NotText => return vec![ServerFrame::error(ErrorCode::BadJson, "the frame is not UTF-8").encode(None)],
        Heard::TooLarge(Kind::Text) => return vec![wire::text_too_large().encode(None)],
        Heard::TooLarge(Kind::Binary) => {
            // A voice message with a hole in it is none.
            *sound = None;
            return vec![ServerFrame::error(ErrorCode::TooLarge, "a frame of sound may hold at most 4 MiB").encode(None)];
        }
        Heard::Pulse | Heard::Close => return Vec::new(),
    };
    let frame = match wire::parse(text) {
        Ok(frame) => frame,
        Err(error) => return vec![error.encode(None)],
    };
    if let ClientFrame::Hello(hello) = frame {
        return greet(app, line, hello).await;
    }
    let Some(line) = line else {
        return vec![ServerFrame::error(ErrorCode::BadFrame, "the first frame must be hello").encode(None)];
    };
    match act(app, line, sound, frame).await {
        Ok(reply) => reply.into_iter().collect(),
        Err(error) => vec![error.encode(None)],
    }
}

async fn greet(app: &Arc<App>, line: &mut Option<Line>, hello: Hello) -> Vec<String> {
    if hello.protocol != 1 {
        return vec![ServerFrame::error(ErrorCode::Unsupported, "this server speaks protocol 1").encode(None)];
    }
    let channel = if hello.channel.is_empty() { "widget" } else { &hello.channel };
    let opened = app.hub.open(hello.session.as_deref(), &hello.locale, channel).await;
    let Ok((conversation, resumed)) = opened else {
        let error =
            ServerFrame::Error { code: ErrorCode::Internal, message: "the chat cannot be opened right now".into(), retry_ms: Some(3_000) };
        return vec![error.encode(None)];
    };
    if let Some(page) = hello.page {
        conversation.set_page(page.product);
    }
    if let Some(Identity { id, hmac }) = hello.identity {
        conversation.set_identity(Signed { id, hmac });
    }
    let live = conversation.subscribe();
    let last_seq = conversation.last_seq().await;
    let ready = ServerFrame::Ready { session: conversation.id.clone(), resumed, last_seq, protocol: 1, agent: false };
    let mut frames = vec![ready.encode(None)];
    let mut after = if resumed { hello.resume_after.unwrap_or(last_seq).max(0) } else { 0 };
    while after < last_seq {
        match app.hub.store.frames_after(&conversation.id, after, REPLAY_PAGE).await {
            Ok(page) if !page.is_empty() => {
                for (seq, json) in page {
                    after = seq;
                    frames.push(json);
                }
            }
            _ => break,
        }
    }
    *line = Some(Line { conversation, live, last_sent: after.max(last_seq) });
    frames
}

async fn act(app: &Arc<App>, line: &Line, sound: &mut Option<Sound>, frame: ClientFrame) -> Result<Option<String>, ServerFrame> {
    let conversation = &line.conversation;
    match frame {
        ClientFrame::Hello(_) => Ok(None),
        ClientFrame::Say { id, text, uploads } => {
            uploads::all_known(&app.hub.store, &uploads).await?;
            app.hub.accept(conversation, Accept { id, text, uploads, answer: None }).await
        }
        ClientFrame::Choose { id, action: Action::Reply, value: Some(text), .. } if !text.trim().is_empty() => {
            app.hub.accept(conversation, Accept { id, text, ..Accept::default() }).await
        }
        ClientFrame::Choose { action: Action::Open, .. } => Ok(None),
        ClientFrame::Choose { id, action: action @ (Action::Confirm | Action::Decline), value, proposal, .. } => {
            let named = proposal.or(value).filter(|p| !p.trim().is_empty());
            let answer = Answer { yes: action == Action::Confirm, proposal: named };
            let text = offer::pressed(answer.yes, conversation.locale()).to_owned();
            app.hub.accept(conversation, Accept { id, text, answer: Some(answer), ..Accept::default() }).await
        }
        ClientFrame::Choose { action: Action::Reply, .. } => Err(ServerFrame::error(ErrorCode::BadFrame, "a quick reply says its value")),
        ClientFrame::AudioStart { id, .. } => {
            *sound = Some(Sound { id, bytes: Vec::new() });
            Ok(None)
        }
        ClientFrame::AudioEnd { id } => {
            let Some(spoken) = sound.take().filter(|s| s.id == id) else {
                return Err(ServerFrame::error(ErrorCode::BadFrame, "audio_end without its audio_start"));
            };
            let upload = uploads::keep_speech(app, &spoken.bytes).await?;
            app.hub.accept(conversation, Accept { id, uploads: vec![upload], ..Accept::default() }).await
        }
        ClientFrame::Rate { id, turn, score, comment } => {
            let session = conversation.id.clone();
            let rating = Write::Rating { session, id, turn: turn.unwrap_or_default(), score, comment: comment.unwrap_or_default() };
            let kept = app.hub.writer.write(vec![rating]).await;
            kept.map(|()| None).map_err(|_| ServerFrame::error(ErrorCode::Internal, "the rating could not be kept; please try again"))
        }
        ClientFrame::Stop {} => {
            conversation.stop();
            Ok(None)
        }
        ClientFrame::Page { product, .. } => {
            conversation.set_page(product);
            Ok(None)
        }
        ClientFrame::Ping {} => Ok(Some(ServerFrame::Pong.encode(None))),
    }
}

fn hear(sound: &mut Option<Sound>, bytes: &[u8]) -> Vec<String> {
    let Some(open) = sound else {
        return vec![ServerFrame::error(ErrorCode::BadFrame, "sound without audio_start").encode(None)];
    };
    if open.bytes.len() + bytes.len() > uploads::LONGEST_SPEECH {
        *sound = None;
        return vec![ServerFrame::error(ErrorCode::TooLarge, "a voice message may last at most 60 seconds").encode(None)];
    }
    open.bytes.extend_from_slice(bytes);
    Vec::new()
}

async fn send(socket: &mut Socket, message: Message) -> bool {
    matches!(tokio::time::timeout(SEND_TIMEOUT, socket.send(message)).await, Ok(Ok(())))
}

/// A token bucket.
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Bucket {
    fn full() -> Self {
        Self { tokens: BURST, at: Instant::now() }
    }

    fn take(&mut self, now: Instant) -> bool {
        self.tokens = (self.tokens + now.duration_since(self.at).as_secs_f64() * RATE).min(BURST);
        self.at = now;
        let enough = self.tokens >= 1.0;
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_and_allowed_origins_may_connect() {
        let headers = |origin: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "127.0.0.1:8080".parse().expect("host"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().expect("origin"));
            }
            headers
        };
        let allowed = ["https://shop.example".to_owned()];
        for (origin, right) in [
            (None, true),
            (Some("http://127.0.0.1:8080"), true),
            (Some("https://shop.example"), true),
            (Some("https://evil.example"), false),
            (Some("https://shop.example.evil"), false),
            (Some("null"), false),
        ] {
            assert_eq!(origin_allowed(&headers(origin), &allowed), right, "{origin:?}");
        }
    }
}
