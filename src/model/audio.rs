//! Audio files and raw samples in, 16 kHz mono speech out. WAV, FLAC, MP3, OGG, WebM and MP4; Opus through libopus.

use anyhow::{Context, bail, ensure};
use rubato::{FftFixedIn, Resampler};
use std::io::Cursor;
use symphonia::core::audio::SampleBuffer;
use symphonia::core::codecs::{CODEC_TYPE_NULL, CodecRegistry, DecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::FormatOptions;
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::probe::Hint;
use symphonia_adapter_libopus::OpusDecoder;

/// Samples a second everywhere inside.
pub const RATE: usize = 16_000;
/// Longest clip taken, in seconds.
pub const LONGEST_SECONDS: usize = 60;

/// Mono speech at 16 kHz, samples from -1 to 1, at most a minute.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pcm(Vec<f32>);

impl Pcm {
    /// From little-endian 16-bit samples as they come over the socket; an odd last byte is dropped.
    pub fn from_s16le(bytes: &[u8]) -> Self {
        let samples = bytes.chunks_exact(2).map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) / 32_768.0);
        Self(samples.take(RATE * LONGEST_SECONDS).collect())
    }

    pub fn samples(&self) -> &[f32] {
        &self.0
    }

    pub fn seconds(&self) -> f32 {
        self.0.len() as f32 / RATE as f32
    }

    /// True when no 30 ms of it is louder than -50 dBFS, or it is shorter than 0.2 s: nothing worth recognizing.
    pub fn is_silent(&self) -> bool {
        let loud = |frame: &[f32]| frame.iter().map(|s| s * s).sum::<f32>() / frame.len() as f32 > 1e-5;
        self.0.len() < RATE / 5 || !self.0.chunks_exact(RATE * 3 / 100).any(loud)
    }

    /// With silence up to 1.1 s, which Whisper needs, and half a second at the end.
    pub fn padded(&self) -> Vec<f32> {
        let mut samples = self.0.clone();
        samples.resize((samples.len() + RATE / 2).max(RATE * 11 / 10), 0.0);
        samples
    }
}

/// Decodes an audio file by its content. Channels are averaged; what is longer than a minute is cut.
///
/// # Errors
/// When it is no audio file that can be read, or holds no sound.
pub fn decode(bytes: Vec<u8>) -> anyhow::Result<Pcm> {
    // The reader panics on some broken AAC streams (symphonia-codec-aac 0.5.5, an estimate of the length): a file of a stranger must not.
    std::panic::catch_unwind(|| read(bytes)).unwrap_or_else(|_| bail!("this is no audio file that can be read"))
}

fn read(bytes: Vec<u8>) -> anyhow::Result<Pcm> {
    let stream = MediaSourceStream::new(Box::new(Cursor::new(bytes)), Default::default());
    let probed = symphonia::default::get_probe()
        .format(&Hint::new(), stream, &FormatOptions::default(), &MetadataOptions::default())
        .context("this is no audio file that can be read")?;
    let mut format = probed.format;
    let track = format.tracks().iter().find(|t| t.codec_params.codec != CODEC_TYPE_NULL).context("the file holds no sound")?;
    let id = track.id;
    let mut codecs = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut codecs);
    codecs.register_all::<OpusDecoder>();
    let mut decoder =
        codecs.make(&track.codec_params, &DecoderOptions::default()).context("the sound is in a format that cannot be read")?;
    let (mut mono, mut rate) = (Vec::new(), RATE);
    loop {
        let packet = match format.next_packet() {
            Ok(packet) if packet.track_id() == id => packet,
            Ok(_) => continue,
            Err(SymphoniaError::IoError(_) | SymphoniaError::ResetRequired) => break,
            Err(error) => return Err(error).context("the file is damaged"),
        };
        let decoded = match decoder.decode(&packet) {
            Ok(decoded) => decoded,
            Err(SymphoniaError::DecodeError(_)) => continue,
            Err(error) => return Err(error).context("the sound is damaged"),
        };
        let spec = *decoded.spec();
        rate = spec.rate as usize;
        let channels = spec.channels.count().max(1);
        let mut buffer = SampleBuffer::<f32>::new(decoded.capacity() as u64, spec);
        buffer.copy_interleaved_ref(decoded);
        mono.extend(buffer.samples().chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32));
        if mono.len() > rate * LONGEST_SECONDS {
            mono.truncate(rate * LONGEST_SECONDS);
            break;
        }
    }
    if mono.is_empty() {
        bail!("the file holds no sound");
    }
    resample(mono, rate).map(Pcm)
}

fn resample(samples: Vec<f32>, rate: usize) -> anyhow::Result<Vec<f32>> {
    if rate == RATE {
        return Ok(samples);
    }
    ensure!((4_000..=384_000).contains(&rate), "the sound has an odd sample rate, {rate} Hz");
    let wanted = samples.len() * RATE / rate;
    let chunk = 1024;
    let mut resampler = FftFixedIn::<f32>::new(rate, RATE, chunk, 2, 1).context("set up the resampler")?;
    let delay = resampler.output_delay();
    let mut output = Vec::with_capacity(wanted + delay + chunk);
    for part in samples.chunks(chunk).chain(std::iter::repeat_n(&[][..], 8)) {
        let mut part = part.to_vec();
        part.resize(chunk, 0.0);
        output.extend_from_slice(&resampler.process(&[part], None).context("resample")?[0]);
        if output.len() >= wanted + delay {
            break;
        }
    }
    Ok(output.into_iter().skip(delay).take(wanted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_known_and_a_tone_is_not_silence() {
        assert!(Pcm(vec![0.0; RATE]).is_silent());
        assert!(Pcm(vec![0.5; RATE / 10]).is_silent());
        let tone = (0..RATE).map(|n| (n as f32 * 0.1).sin() * 0.2).collect();
        assert!(!Pcm(tone).is_silent());
    }

    #[test]
    fn resampling_keeps_the_length_in_seconds() {
        let tone: Vec<f32> = (0..44_100).map(|n| (n as f32 * 440.0 * std::f32::consts::TAU / 44_100.0).sin()).collect();
        let out = resample(tone, 44_100).expect("resample");
        assert_eq!(out.len(), RATE);
        let crossings = out.windows(2).filter(|w| w[0] <= 0.0 && w[1] > 0.0).count();
        assert!((436..=442).contains(&crossings), "{crossings}");
    }

    #[test]
    fn a_broken_length_is_no_end() {
        let mut bytes = vec![0; 30];
        (bytes[14], bytes[15], bytes[18], bytes[20]) = (255, 241, 1, 124);
        assert!(decode(bytes).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_refused_or_read_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
            let _ = decode(bytes);
        }
    }
}
