//! A webhook's id, time and body in; the value of its `webhook-signature` header out, as the Standard Webhooks specification has it
//! (symmetric, `v1`). Pure.

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What webhooks are signed with: one secret, or two while the receiver changes from one to the other.
pub struct Secrets(Vec<Vec<u8>>);

/// The specification's own bounds, in bytes.
const SHORTEST: usize = 24;
const LONGEST: usize = 64;

impl Secrets {
    /// Secrets as `whsec_` and base64, the form receivers' libraries take; the prefix may be left out.
    ///
    /// # Errors
    /// When there is none, or one is not base64 of 24 to 64 bytes. The secret itself is not repeated.
    pub fn read<T: AsRef<str>>(texts: &[T]) -> anyhow::Result<Self> {
        ensure!(!texts.is_empty(), "webhooks need a secret to be signed with (--webhook-secret)");
        let read = |text: &T| -> anyhow::Result<Vec<u8>> {
            let text = text.as_ref().trim();
            let bytes = BASE64.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok();
            let bytes = bytes.context("the webhook secret is not base64; make one with: echo whsec_$(openssl rand -base64 32)")?;
            ensure!((SHORTEST..=LONGEST).contains(&bytes.len()), "the webhook secret must hold {SHORTEST} to {LONGEST} bytes");
            Ok(bytes)
        };
        Ok(Self(texts.iter().map(read).collect::<anyhow::Result<_>>()?))
    }

    /// One signature a secret, with spaces between.
    pub fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        let one = |secret: &Vec<u8>| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length will do");
            for part in [id, ".", &seconds.to_string(), ".", body] {
                mac.update(part.as_bytes());
            }
            format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_specifications_own_libraries_do() {
        let known = Secrets::read(&["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]).expect("a secret");
        let signed = known.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn two_secrets_give_two_signatures() {
        let (one, other) = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
        let sign = |texts: &[&str]| Secrets::read(texts).expect("secrets").sign("1", 1, "{}");
        assert_eq!(sign(&[one, other]), format!("{} {}", sign(&[one]), sign(&[other])));
    }

    #[test]
    fn a_secret_that_is_none_is_refused_and_not_repeated() {
        for bad in ["", "whsec_", "whsec_short", "whsec_AAAA", "not base64 at all!", &BASE64.encode([7; 65])] {
            let error = Secrets::read(&[bad]).err().unwrap_or_else(|| panic!("{bad} was taken")).to_string();
            assert!(bad.len() < 7 || !error.contains(bad), "{error}");
        }
        assert!(Secrets::read::<&str>(&[]).is_err());
    }
}
