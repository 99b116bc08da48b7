//! The bytes a WebSocket client sends in, the same bytes without the payload of messages that are too large out.
//!
//! The WebSocket library ends a connection over such a message; protocol 1 answers it and goes on. So the library reads through a
//! sieve that knows frame headers (RFC 6455, section 5.2) and nothing else. It ends a message that grows too large then and there,
//! as a shorter one, and swallows what the client still sends of it. Nothing of that is kept, whatever size is announced.
//!
//! A text cut anywhere may end inside a character, which the library would not forgive. So it is shown binary messages only, and
//! the sieve tells of each in turn what it was.

use std::collections::VecDeque;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection whose reads are sifted.
pub struct Sieve<T> {
    inner: T,
    frames: Frames,
    /// What passed but found no room: less than a header.
    late: Vec<u8>,
}

/// The most bytes of a message, over all its fragments.
#[derive(Clone, Copy)]
pub struct Limits {
    pub text: u64,
    pub binary: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Binary,
}

/// What a message was before it was sifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    pub kind: Kind,
    pub cut: bool,
}

/// As much as the library asks for at once.
const CHUNK: usize = 4 << 10;

impl<T> Sieve<T> {
    pub fn new(inner: T, limits: Limits) -> Self {
        Self { inner, frames: Frames::new(limits), late: Vec::new() }
    }

    /// To be asked once for each data message that has come out, in their order.
    pub fn passed(&mut self) -> Option<Passed> {
        self.frames.passed.pop_front()
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Sieve<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Self { inner, frames, late } = self.get_mut();
        let before = out.filled().len();
        let waiting = std::mem::take(late);
        put(out, &waiting, late);
        // While payload is swallowed nothing comes out, and to return nothing would mean that the client has left.
        while out.remaining() > 0 && out.filled().len() == before {
            let mut space = [MaybeUninit::uninit(); CHUNK];
            let mut chunk = ReadBuf::uninit(&mut space[..out.remaining().min(CHUNK)]);
            ready!(Pin::new(&mut *inner).poll_read(cx, &mut chunk))?;
            if chunk.filled().is_empty() {
                break;
            }
            frames.sift(chunk.filled(), |bytes| put(out, bytes, late));
        }
        Poll::Ready(Ok(()))
    }
}

fn put(out: &mut ReadBuf<'_>, bytes: &[u8], late: &mut Vec<u8>) {
    let (now, rest) = bytes.split_at(bytes.len().min(out.remaining()));
    out.put_slice(now);
    late.extend_from_slice(rest);
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Sieve<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

const LONGEST_HEADER: usize = 14;
const FIN: u8 = 0x80;
const RESERVED: u8 = 0x70;
const MASKED: u8 = 0x80;
const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;

/// Where in the client's frames the sieve is. Pure.
struct Frames {
    limits: Limits,
    /// The next frame's header as far as it has come.
    header: [u8; LONGEST_HEADER],
    held: usize,
    /// Bytes of payload still to come, and whether they pass.
    left: u64,
    keep: bool,
    open: Open,
    passed: VecDeque<Passed>,
}

/// The message that waits for further fragments.
#[derive(Clone, Copy)]
enum Open {
    Nothing,
    Message {
        kind: Kind,
        total: u64,
    },
    /// It was cut: to the library it has ended.
    Rest,
}

/// What becomes of a frame.
enum Fate {
    /// It passes with this opcode.
    Pass(u8),
    /// It passes with this opcode, without payload and as the last of its message.
    Cut(u8),
    Swallow,
}

impl Frames {
    fn new(limits: Limits) -> Self {
        Self { limits, header: [0; LONGEST_HEADER], held: 0, left: 0, keep: true, open: Open::Nothing, passed: VecDeque::new() }
    }

    fn sift(&mut self, mut input: &[u8], mut pass: impl FnMut(&[u8])) {
        while let Some(&byte) = input.first() {
            if self.left == 0 {
                input = &input[1..];
                self.header[self.held] = byte;
                self.held += 1;
                if self.held >= 2 && self.held == header_length(self.header[1]) {
                    self.begin_frame(&mut pass);
                    self.held = 0;
                }
                continue;
            }
            let count = usize::try_from(self.left).map_or(input.len(), |left| left.min(input.len()));
            let (payload, rest) = input.split_at(count);
            if self.keep {
                pass(payload);
            }
            self.left -= count as u64;
            input = rest;
        }
    }

    fn begin_frame(&mut self, pass: &mut impl FnMut(&[u8])) {
        let header = self.header;
        let (first, masked, mask) = (header[0], header[1] & MASKED, self.held - if header[1] & MASKED == 0 { 0 } else { 4 });
        let announced = match header[1] & !MASKED {
            126 | 127 => header[2..mask].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
            short => u64::from(short),
        };
        let fate = self.judge(first & FIN != 0, first & !(FIN | RESERVED), announced);
        match fate {
            Fate::Pass(opcode) => {
                pass(&[first & (FIN | RESERVED) | opcode]);
                pass(&header[1..self.held]);
            }
            Fate::Cut(opcode) => {
                pass(&[FIN | first & RESERVED | opcode, masked]);
                pass(&header[mask..self.held]);
            }
            Fate::Swallow => {}
        }
        (self.left, self.keep) = (announced, matches!(fate, Fate::Pass(_)));
    }

    fn judge(&mut self, last: bool, opcode: u8, announced: u64) -> Fate {
        let (kind, before, opcode) = match (opcode, self.open) {
            (TEXT, Open::Nothing) => (Kind::Text, 0, BINARY),
            (BINARY, Open::Nothing) => (Kind::Binary, 0, BINARY),
            (CONTINUATION, Open::Message { kind, total }) => (kind, total, CONTINUATION),
            (CONTINUATION, Open::Rest) => {
                if last {
                    self.open = Open::Nothing;
                }
                return Fate::Swallow;
            }
            // A message begun inside another is an error the library can no longer see. This way it still finds one.
            (TEXT | BINARY, Open::Rest) => return Fate::Pass(CONTINUATION),
            // Control frames, which may stand between fragments, and what the library will refuse.
            _ => return Fate::Pass(opcode),
        };
        let total = before.saturating_add(announced);
        let limit = match kind {
            Kind::Text => self.limits.text,
            Kind::Binary => self.limits.binary,
        };
        let cut = total > limit;
        self.open = match (last, cut) {
            (true, _) => Open::Nothing,
            (false, true) => Open::Rest,
            (false, false) => Open::Message { kind, total },
        };
        if last || cut {
            self.passed.push_back(Passed { kind, cut });
        }
        if cut { Fate::Cut(opcode) } else { Fate::Pass(opcode) }
    }
}

fn header_length(second: u8) -> usize {
    let extended = match second & !MASKED {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    2 + extended + if second & MASKED == 0 { 0 } else { 4 }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    const KEY: [u8; 4] = [1, 2, 3, 4];

    /// A masked frame.
    pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let masked = payload.iter().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key);
        [header(first, payload.len() as u64), masked.collect()].concat()
    }

    fn header(first: u8, length: u64) -> Vec<u8> {
        let length = match length {
            0..126 => vec![length as u8],
            126..65_536 => [&[126], &(length as u16).to_be_bytes()[..]].concat(),
            _ => [&[127], &length.to_be_bytes()[..]].concat(),
        };
        [&[first, MASKED | length[0]], &length[1..], &KEY].concat()
    }

    /// A client whose bytes come at most `step` at once, and not at every call.
    pub struct Script {
        bytes: Vec<u8>,
        at: usize,
        step: usize,
        pause: bool,
    }

    impl Script {
        pub fn new(bytes: Vec<u8>, step: usize) -> Self {
            Self { bytes, at: 0, step, pause: false }
        }
    }

    impl AsyncRead for Script {
        fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            self.pause = !self.pause;
            if self.pause {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let count = self.step.min(out.remaining()).min(self.bytes.len() - self.at);
            out.put_slice(&self.bytes[self.at..self.at + count]);
            self.at += count;
            Poll::Ready(Ok(()))
        }
    }

    /// What the server writes is not looked at.
    impl AsyncWrite for Script {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    const LIMITS: Limits = Limits { text: 300, binary: 400 };

    /// Sifts `input` in steps of every length, into buffers that are too small as well, and compares what comes out.
    #[track_caller]
    fn check(input: &[Vec<u8>], output: &[Vec<u8>], passed: &[(Kind, bool)]) {
        let (input, output) = (input.concat(), output.concat());
        for step in (1..20).chain([input.len()]) {
            for room in [1, 5, 4_096] {
                let mut sieve = Sieve::new(Script::new(input.clone(), step), LIMITS);
                let (mut out, mut buffer) = (Vec::new(), vec![0; room]);
                loop {
                    match futures::executor::block_on(sieve.read(&mut buffer)).expect("a script does not fail") {
                        0 => break,
                        count => out.extend_from_slice(&buffer[..count]),
                    }
                    assert!(sieve.late.len() < LONGEST_HEADER);
                }
                assert_eq!(out, output, "in steps of {step} into {room}");
                let told: Vec<(Kind, bool)> = std::iter::from_fn(|| sieve.passed()).map(|p| (p.kind, p.cut)).collect();
                assert_eq!(told, passed);
            }
        }
    }

    #[test]
    fn frames_pass_or_shrink() {
        use Kind::{Binary, Text};
        let long = |count: usize| vec![b'x'; count];
        let (close, pong) = (frame(0x88, &[3, 232]), frame(0x8a, b"!"));
        check(&[], &[], &[]);
        check(&[frame(0x82, b"hi"), close.clone()], &[frame(0x82, b"hi"), close], &[(Binary, false)]);
        check(&[frame(0x81, b"hi")], &[frame(0x82, b"hi")], &[(Text, false)]);
        check(&[frame(0x81, &long(300))], &[frame(0x82, &long(300))], &[(Text, false)]);
        check(&[frame(0x81, &long(301)), pong.clone()], &[frame(0x82, b""), pong.clone()], &[(Text, true)]);
        check(&[frame(0x82, &long(70_000)), frame(0x81, b"a")], &[frame(0x82, b""), frame(0x82, b"a")], &[(Binary, true), (Text, false)]);
        check(
            &[frame(0x01, &long(200)), pong.clone(), frame(0x00, &long(101)), pong.clone(), frame(0x00, b"x"), frame(0x80, b"x")],
            &[frame(0x02, &long(200)), pong.clone(), frame(0x80, b""), pong],
            &[(Text, true)],
        );
        // A header that never becomes whole is not shown; its message was never begun.
        check(&[frame(0x82, b"hi"), vec![0x82, 0xff, 0, 0]], &[frame(0x82, b"hi")], &[(Binary, false)]);
    }

    #[test]
    fn no_announcement_is_too_large_and_none_of_it_is_kept() {
        for announced in [301, 10 << 20, 1 << 40, u64::MAX] {
            let mut frames = Frames::new(LIMITS);
            let mut out = Vec::new();
            frames.sift(&header(0x01, announced), |bytes| out.extend_from_slice(bytes));
            assert_eq!(out, frame(0x82, b""), "the message ends before its payload has come");
            for _ in 0..2_000 {
                frames.sift(&[0; 64 << 10][..announced.min(64 << 10) as usize], |bytes| out.extend_from_slice(bytes));
                if frames.left < 64 << 10 {
                    break;
                }
            }
            assert_eq!((out.len(), frames.passed.len()), (6, 1));
        }
        // Fragments whose sizes together overflow every counter.
        let mut frames = Frames::new(LIMITS);
        frames.sift(&frame(0x02, b"x"), |_| {});
        let mut out = Vec::new();
        frames.sift(&header(0x80, u64::MAX), |bytes| out.extend_from_slice(bytes));
        assert_eq!(out, frame(0x80, b""));
    }
}
