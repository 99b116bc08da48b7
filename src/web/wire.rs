//! Text of a WebSocket frame in, a client frame of protocol 1 or the error to send back out. Pure.

use crate::chat::ServerFrame;
use crate::chat::frame::ErrorCode;
use serde::Deserialize;
use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    Hello(Hello),
    Say {
        id: String,
        #[serde(default)]
        text: String,
        #[serde(default)]
        uploads: Vec<String>,
    },
    AudioStart {
        id: String,
        rate: u32,
    },
    AudioEnd {
        id: String,
    },
    Choose {
        id: String,
        #[serde(default)]
        turn: String,
        action: Action,
        #[serde(default)]
        value: Option<String>,
        #[serde(default)]
        proposal: Option<String>,
    },
    Rate {
        id: String,
        #[serde(default)]
        turn: Option<String>,
        score: i64,
        #[serde(default)]
        comment: Option<String>,
    },
    Stop {},
    Page {
        #[serde(default)]
        product: Option<String>,
        #[serde(default)]
        url: Option<String>,
    },
    Ping {},
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Hello {
    pub protocol: u32,
    #[serde(default)]
    pub session: Option<String>,
    #[serde(default)]
    pub resume_after: Option<i64>,
    #[serde(default)]
    pub locale: String,
    #[serde(default)]
    pub channel: String,
    #[serde(default)]
    pub page: Option<Page>,
    #[serde(default)]
    pub consent: Option<Consent>,
    #[serde(default)]
    pub identity: Option<Identity>,
}

/// Whom the shop's page says the shopper is, and the shop's signature of that.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Identity {
    pub id: String,
    pub hmac: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Page {
    #[serde(default)]
    pub product: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Consent {
    #[serde(default)]
    pub behaviour: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Confirm,
    Decline,
    Reply,
    Open,
}

/// Bytes of a text frame.
pub const LARGEST_TEXT: usize = 64 << 10;
/// Characters of a message.
pub const LONGEST_MESSAGE: usize = 4_000;
const LONGEST_ID: usize = 128;
/// Hexadecimal digits of a signature.
const LONGEST_HMAC: usize = 128;
const MOST_UPLOADS: usize = 4;

/// # Errors
/// The `error` frame that says what is wrong; the connection stays open.
pub fn parse(text: &str) -> Result<ClientFrame, ServerFrame> {
    if text.len() > LARGEST_TEXT {
        return Err(text_too_large());
    }
    let value: Value = serde_json::from_str(text).map_err(|_| ServerFrame::error(ErrorCode::BadJson, "the frame is not JSON"))?;
    let bad = |message: String| ServerFrame::error(ErrorCode::BadFrame, message);
    let kind = value.get("type").and_then(Value::as_str).ok_or_else(|| bad("the frame has no \"type\"".to_owned()))?.to_owned();
    let frame: ClientFrame = serde_json::from_value(value).map_err(|error| {
        let text = error.to_string();
        match text.contains("unknown variant") && text.contains(&kind) {
            true => bad(format!("there is no frame type \"{}\"", kind.chars().take(40).collect::<String>())),
            false => bad(format!("the {kind} frame is wrong: {text}")),
        }
    })?;
    match limits(&frame) {
        Some(message) => Err(bad(message.to_owned())),
        None => Ok(frame),
    }
}

/// The answer to a text frame beyond [`LARGEST_TEXT`], whether it was read or not.
pub fn text_too_large() -> ServerFrame {
    ServerFrame::error(ErrorCode::TooLarge, "a frame may hold at most 64 KiB")
}

fn limits(frame: &ClientFrame) -> Option<&'static str> {
    let id = match frame {
        ClientFrame::Say { id, .. }
        | ClientFrame::AudioStart { id, .. }
        | ClientFrame::AudioEnd { id }
        | ClientFrame::Choose { id, .. }
        | ClientFrame::Rate { id, .. } => Some(id),
        _ => None,
    };
    if id.is_some_and(|id| id.is_empty() || id.len() > LONGEST_ID || id.chars().any(char::is_control)) {
        return Some("an id must be 1 to 128 bytes without control characters");
    }
    match frame {
        ClientFrame::Hello(Hello { identity: Some(Identity { id, hmac }), .. }) => {
            let (named, hex) = (!id.is_empty() && !id.chars().any(char::is_control), hmac.bytes().all(|b| b.is_ascii_hexdigit()));
            let fits = id.len() <= LONGEST_ID && (1..=LONGEST_HMAC).contains(&hmac.len());
            (!(named && hex && fits)).then_some("an identity is an id of 1 to 128 bytes and an hmac of 1 to 128 hexadecimal digits")
        }
        ClientFrame::Choose { proposal: Some(proposal), .. } if proposal.len() > LONGEST_ID => {
            Some("the id of a proposal holds at most 128 bytes")
        }
        ClientFrame::Say { text, uploads, .. } if text.trim().is_empty() && uploads.is_empty() => Some("say something: text or uploads"),
        ClientFrame::Say { text, .. } if text.chars().count() > LONGEST_MESSAGE => Some("a message may hold at most 4,000 characters"),
        ClientFrame::Say { uploads, .. } if uploads.len() > MOST_UPLOADS => Some("a message may carry at most 4 uploads"),
        ClientFrame::Choose { value: Some(value), .. } if value.chars().count() > LONGEST_MESSAGE => {
            Some("a value may hold at most 4,000 characters")
        }
        ClientFrame::AudioStart { rate, .. } if *rate != 16_000 => Some("sound must be 16 kHz mono, 16-bit little-endian"),
        ClientFrame::Rate { score, .. } if !(1..=5).contains(score) => Some("a score must be 1 to 5"),
        ClientFrame::Rate { comment: Some(comment), .. } if comment.chars().count() > LONGEST_MESSAGE => {
            Some("a comment may hold at most 4,000 characters")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn complaint(text: &str) -> String {
        match parse(text) {
            Err(ServerFrame::Error { code, message, .. }) => format!("{code:?}: {message}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn good_frames_are_read() {
        assert_eq!(
            parse(r#"{"type":"say","id":"1","text":"hi"}"#).ok(),
            Some(ClientFrame::Say { id: "1".into(), text: "hi".into(), uploads: vec![] })
        );
        assert_eq!(parse(r#"{"type":"stop"}"#).ok(), Some(ClientFrame::Stop {}));
        assert!(matches!(
            parse(r#"{"type":"hello","protocol":1,"locale":"zh-CN","channel":"widget","new_field":1}"#),
            Ok(ClientFrame::Hello(Hello { identity: None, .. }))
        ));
        for (identity, expected) in [
            (json!({"id": "王芳@shop", "hmac": "0aF9"}), Some(Identity { id: "王芳@shop".into(), hmac: "0aF9".into() })),
            (Value::Null, None),
        ] {
            let hello = parse(&json!({"type": "hello", "protocol": 1, "identity": identity}).to_string()).ok();
            assert!(matches!(&hello, Some(ClientFrame::Hello(hello)) if hello.identity == expected), "{hello:?}");
        }
        for (frame, expected) in [
            (r#"{"type":"choose","id":"1","turn":"t","action":"confirm","value":"p"}"#, (Action::Confirm, Some("p"), None)),
            (r#"{"type":"choose","id":"1","turn":"t","action":"decline","proposal":"p"}"#, (Action::Decline, None, Some("p"))),
            (r#"{"type":"choose","id":"1","action":"confirm"}"#, (Action::Confirm, None, None)),
        ] {
            let Ok(ClientFrame::Choose { action, value, proposal, .. }) = parse(frame) else { panic!("{frame}") };
            assert_eq!((action, value.as_deref(), proposal.as_deref()), expected, "{frame}");
        }
    }

    #[test]
    fn bad_frames_are_explained() {
        for (text, expected) in [
            ("{", "BadJson: the frame is not JSON"),
            ("[]", "BadFrame: the frame has no \"type\""),
            (r#"{"type":"sing"}"#, "BadFrame: there is no frame type \"sing\""),
            (r#"{"type":"say","id":"","text":"x"}"#, "BadFrame: an id must be 1 to 128 bytes without control characters"),
            (r#"{"type":"say","id":"1","text":" "}"#, "BadFrame: say something: text or uploads"),
            (r#"{"type":"rate","id":"1","score":9}"#, "BadFrame: a score must be 1 to 5"),
            (r#"{"type":"audio_start","id":"1","rate":8000}"#, "BadFrame: sound must be 16 kHz mono, 16-bit little-endian"),
        ] {
            assert_eq!(complaint(text), expected);
        }
        let choose = json!({"type": "choose", "id": "1", "action": "confirm", "proposal": "p".repeat(129)});
        assert_eq!(complaint(&choose.to_string()), "BadFrame: the id of a proposal holds at most 128 bytes");
        let (id, hmac) = ("c".repeat(129), "a".repeat(129));
        for (id, hmac) in [("", "0a"), ("a\nb", "0a"), (id.as_str(), "0a"), ("c1", ""), ("c1", "0x0a"), ("c1", hmac.as_str())] {
            let hello = json!({"type": "hello", "protocol": 1, "identity": {"id": id, "hmac": hmac}});
            let expected = "BadFrame: an identity is an id of 1 to 128 bytes and an hmac of 1 to 128 hexadecimal digits";
            assert_eq!(complaint(&hello.to_string()), expected, "{hello}");
        }
        assert!(complaint(r#"{"type":"hello","protocol":1,"identity":{"id":"c1"}}"#).contains("missing field `hmac`"));
        assert!(complaint(r#"{"type":"say","text":"x"}"#).contains("missing field `id`"));
        assert!(complaint(&format!("\"{}\"", "x".repeat(70_000))).starts_with("TooLarge"));
    }

    proptest! {
        #[test]
        fn any_text_gives_a_frame_or_an_error(text in "\\PC{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn any_json_object_gives_a_frame_or_an_error(kind in "(hello|say|choose|rate|page|audio_start|x)", key in "[a-z_]{1,8}", n in any::<i64>()) {
            let _ = parse(&serde_json::json!({"type": kind, key: n, "id": n, "text": [n]}).to_string());
        }
    }
}
