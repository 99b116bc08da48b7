//! A request to become a WebSocket in, the open socket out: whole messages, and word of those that were too large.
//!
//! axum's own upgrade hands the connection to the WebSocket library at once and leaves no room for the [`Sieve`] between them.

use super::Error;
use super::sieve::{Kind, Limits, Passed, Sieve};
use super::wire::LARGEST_TEXT;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use futures::{SinkExt, StreamExt};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Bytes, Message, Utf8Bytes};

/// Bytes of a binary message.
const LARGEST_BINARY: usize = 4 << 20;
const LIMITS: Limits = Limits { text: LARGEST_TEXT as u64, binary: LARGEST_BINARY as u64 };

/// A request that may become a WebSocket (RFC 6455, section 4.2.1).
pub struct Upgrade {
    accept: String,
    connection: OnUpgrade,
}

impl<S: Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        if parts.method != Method::GET {
            return Err(Error::NotAllowed);
        }
        let lists = |name, word| lists(&parts.headers, name, word);
        if !lists(header::CONNECTION, "upgrade") || !lists(header::UPGRADE, "websocket") {
            return Err(Error::UpgradeRequired("this address speaks WebSocket only"));
        }
        if !lists(header::SEC_WEBSOCKET_VERSION, "13") {
            return Err(Error::UpgradeRequired("the version of WebSocket must be 13"));
        }
        // The key need not be decoded (section 4.2.2): that it comes back digested is all the client looks at.
        let Some(key) = parts.headers.get(header::SEC_WEBSOCKET_KEY).filter(|key| !key.is_empty()) else {
            return Err(Error::Invalid("Sec-WebSocket-Key is missing".to_owned()));
        };
        let accept = derive_accept_key(key.as_bytes());
        match parts.extensions.remove::<OnUpgrade>() {
            Some(connection) if parts.version == Version::HTTP_11 => Ok(Self { accept, connection }),
            _ => Err(Error::UpgradeRequired("only a connection of HTTP/1.1 can become a WebSocket")),
        }
    }
}

/// Whether the header, a list with commas, has the word in it.
fn lists(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|listed| listed.trim().eq_ignore_ascii_case(word))
}

impl Upgrade {
    /// The answer that makes the connection a WebSocket; `serve` gets it once the answer has left.
    pub fn then<F>(self, serve: impl FnOnce(Socket) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        tokio::spawn(async move {
            // A client that left before it had the answer is no failure.
            if let Ok(connection) = self.connection.await {
                serve(Socket::open(TokioIo::new(connection), LIMITS).await).await;
            }
        });
        let headers = [
            (header::CONNECTION, "upgrade".to_owned()),
            (header::UPGRADE, "websocket".to_owned()),
            (header::SEC_WEBSOCKET_ACCEPT, self.accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
    }
}

/// An open WebSocket.
pub struct Socket<T = TokioIo<Upgraded>>(WebSocketStream<Sieve<T>>);

/// What a client sent.
#[derive(Debug, PartialEq)]
pub enum Heard {
    Text(Utf8Bytes),
    Binary(Bytes),
    /// A text that is not UTF-8. RFC 6455 section 8.1 would end the connection; here the shopper keeps it.
    NotText,
    /// A message beyond its limit; what had come of it is gone.
    TooLarge(Kind),
    /// A ping, which has been answered, or a pong.
    Pulse,
    Close,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Socket<T> {
    async fn open(connection: T, limits: Limits) -> Self {
        let config = WebSocketConfig::default()
            .max_message_size(Some(LARGEST_BINARY))
            .max_frame_size(Some(LARGEST_BINARY))
            .read_buffer_size(4 << 10)
            .write_buffer_size(0);
        Self(WebSocketStream::from_raw_socket(Sieve::new(connection, limits), Role::Server, Some(config)).await)
    }

    /// The next message; nothing is lost when this is given up and called again.
    pub async fn next(&mut self) -> Option<Result<Heard, tungstenite::Error>> {
        let bytes = match self.0.next().await? {
            Ok(Message::Binary(bytes)) => bytes,
            Ok(Message::Close(_)) => return Some(Ok(Heard::Close)),
            Ok(_) => return Some(Ok(Heard::Pulse)),
            Err(error) => return Some(Err(error)),
        };
        Some(match self.0.get_mut().passed()? {
            Passed { kind, cut: true } => Ok(Heard::TooLarge(kind)),
            Passed { kind: Kind::Binary, .. } => Ok(Heard::Binary(bytes)),
            Passed { kind: Kind::Text, .. } => Ok(Utf8Bytes::try_from(bytes).map_or(Heard::NotText, Heard::Text)),
        })
    }

    pub async fn send(&mut self, message: Message) -> Result<(), tungstenite::Error> {
        self.0.send(message).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::sieve::tests::{Script, frame};
    use proptest::prelude::*;

    const SMALL: Limits = Limits { text: 10, binary: 20 };

    /// What a server with small limits hears when it can read at most `step` bytes at once; the last is the error it ends with.
    fn heard(bytes: Vec<u8>, step: usize) -> Vec<String> {
        futures::executor::block_on(async {
            let mut socket = Socket::open(Script::new(bytes, step), SMALL).await;
            let mut heard = Vec::new();
            while let Some(next) = socket.next().await {
                match next {
                    Ok(Heard::Text(text)) => heard.push(format!("text {text}")),
                    Ok(other) => heard.push(format!("{other:?}")),
                    Err(error) => {
                        heard.push(error.to_string());
                        break;
                    }
                }
            }
            heard
        })
    }

    const LEFT: &str = "WebSocket protocol error: Connection reset without closing handshake";

    #[test]
    fn messages_within_and_beyond_their_limits() {
        let (ping, small) = (frame(0x89, b"?"), frame(0x81, b"ok"));
        for (sent, expected) in [
            (frame(0x81, &[b'a'; 10]), "text aaaaaaaaaa | text ok"),
            (frame(0x81, &[b'a'; 11]), "TooLarge(Text) | text ok"),
            (frame(0x82, &[b'a'; 20]), r#"Binary(b"aaaaaaaaaaaaaaaaaaaa") | text ok"#),
            (frame(0x82, &[b'a'; 21]), "TooLarge(Binary) | text ok"),
            (frame(0x81, &[b'a'; 300]), "TooLarge(Text) | text ok"),
            (frame(0x82, &[b'a'; 70_000]), "TooLarge(Binary) | text ok"),
            (frame(0x81, b""), "text  | text ok"),
            ([frame(0x01, b"ab"), ping.clone(), frame(0x80, b"cd")].concat(), "Pulse | text abcd | text ok"),
            ([frame(0x01, "好好".as_bytes()), frame(0x00, &[0xe5]), frame(0x80, &[0xa5, 0xbd])].concat(), "text 好好好 | text ok"),
            // Cut inside a character; said as soon as it is known; pings of the rest are answered.
            (
                [frame(0x01, &"好好好".as_bytes()[..8]), frame(0x00, b"longer"), ping.clone(), frame(0x00, b"and"), frame(0x80, b"on")]
                    .concat(),
                "TooLarge(Text) | Pulse | text ok",
            ),
            ([frame(0x02, &[1; 20]), frame(0x00, b""), frame(0x80, b"x")].concat(), "TooLarge(Binary) | text ok"),
            ([frame(0x02, &[1; 21]), frame(0x80, b"")].concat(), "TooLarge(Binary) | text ok"),
            (
                [frame(0x82, &[1; 99]), frame(0x81, &[1; 99]), frame(0x81, b"x")].concat(),
                "TooLarge(Binary) | TooLarge(Text) | text x | text ok",
            ),
        ] {
            let sent = [sent, small.clone()].concat();
            for step in [1, 2, 3, 7, 64, 100_000] {
                assert_eq!(heard(sent.clone(), step).join(" | "), format!("{expected} | {LEFT}"), "{step} bytes at once");
            }
        }
    }

    #[test]
    fn what_the_protocol_forbids_still_ends_the_connection() {
        let unmasked = |length: u8| [vec![0x81, length], vec![b'a'; length.into()]].concat();
        for (sent, expected) in [
            (frame(0x80, b"x"), "Continue frame but nothing to continue"),
            ([frame(0x01, b"a"), frame(0x81, b"b")].concat(), "While waiting for more fragments"),
            (
                [frame(0x01, &[b'a'; 50]), frame(0x81, b"b")].concat(),
                "TooLarge(Text) | WebSocket protocol error: Continue frame but nothing",
            ),
            (
                [frame(0x01, &[b'a'; 50]), frame(0x80, b"b"), frame(0x80, b"c")].concat(),
                "TooLarge(Text) | WebSocket protocol error: Continue",
            ),
            (frame(0xc1, &[b'a'; 50]), "Reserved bits are non-zero"),
            (frame(0x83, b"x"), "Encountered invalid opcode: 3"),
            (frame(0x09, b"x"), "Fragmented control frame"),
            (frame(0x89, &[0; 126]), "Control frame too big"),
            (unmasked(3), "unmasked frame from client"),
            (unmasked(90), "unmasked frame from client"),
        ] {
            for step in [1, 100_000] {
                let heard = heard([sent.clone(), frame(0x81, b"ok")].concat(), step).join(" | ");
                assert!(heard.contains(expected) && !heard.contains("text"), "{heard:?} should say {expected:?}");
            }
        }
    }

    #[test]
    fn a_text_that_is_none_does_not_end_the_connection() {
        for sent in [frame(0x81, &[0xff]), [frame(0x01, &[0xe5]), frame(0x80, b"a")].concat()] {
            for step in [1, 100_000] {
                let heard = heard([sent.clone(), frame(0x81, b"ok")].concat(), step);
                assert!(heard[0].contains("NotText") && heard[1].contains("ok"), "{heard:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_messages_are_heard_in_their_order(
            messages in prop::collection::vec((any::<bool>(), prop::collection::vec(0_usize..9, 1..6), any::<bool>()), 1..12),
            step in 1_usize..40,
        ) {
            let (mut sent, mut expected) = (Vec::new(), Vec::new());
            for (text, fragments, pings) in messages {
                let (whole, last) = ("é好x".repeat(9), fragments.len() - 1);
                let total: usize = fragments.iter().sum();
                // A text of exactly this many bytes, whose fragments may end inside a character.
                let kept = (0..=total).rev().find(|at| whole.is_char_boundary(*at)).unwrap_or(0);
                let payload = format!("{}{}", &whole[..kept], "-".repeat(total - kept));
                let (mut at, mut cut) = (0, false);
                for (n, size) in fragments.into_iter().enumerate() {
                    let first = if n == 0 { if text { 1 } else { 2 } } else { 0 } | if n == last { 0x80 } else { 0 };
                    sent.extend(frame(first, &payload.as_bytes()[at..at + size]));
                    at += size;
                    if !cut && at > if text { 10 } else { 20 } {
                        cut = true;
                        expected.push(if text { "TooLarge(Text)".to_owned() } else { "TooLarge(Binary)".to_owned() });
                    }
                    if pings && n < last {
                        sent.extend(frame(0x89, b"?"));
                        expected.push("Pulse".to_owned());
                    }
                }
                match text {
                    _ if cut => {}
                    true => expected.push(format!("text {payload}")),
                    false => expected.push(format!("{:?}", Heard::Binary(payload.into()))),
                }
            }
            expected.push(LEFT.to_owned());
            prop_assert_eq!(heard(sent, step), expected);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400), step in 1_usize..40) {
            heard(bytes, step);
        }
    }
}
