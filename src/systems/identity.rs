//! The shop's word for who its customer is: a secret, an id and a signature in, whether the shop signed it out. Pure.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Whether `hmac` is the hexadecimal HMAC-SHA256 of `id` under `secret`. Takes as long for a signature that is nearly right as for one
/// that is not. An empty secret signs nothing: it is what a variable holds that was never set.
pub fn signed_by(secret: &str, id: &str, hmac: &str) -> bool {
    if secret.is_empty() || id.is_empty() {
        return false;
    }
    let Some(signature) = unhex(hmac) else { return false };
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length will do");
    mac.update(id.as_bytes());
    mac.verify_slice(&signature).is_ok()
}

/// 64 hexadecimal digits, in either case.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |d: u8| (d as char).to_digit(16).map(|d| d as u8);
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shops_own_signature_counts() {
        let (secret, id) = ("correct horse battery staple", "weiling_tan_3107");
        // As `hmac.new(secret, id, "sha256").hexdigest()` of Python has it.
        let right = "c53232848bbcfef218dad5d32a676bb4339216247cf68baba35c07c38f76e0da";
        for (secret, id, hmac, expected) in [
            (secret, id, right, true),
            (secret, id, &right.to_uppercase(), true),
            (secret, "weiling_tan_8452", right, false),
            ("another secret", id, right, false),
            (secret, id, &right.replace('c', "d"), false),
            (secret, id, &right[..62], false),
            (secret, id, "", false),
            (secret, id, &"导".repeat(64), false),
            (secret, id, &"zz".repeat(32), false),
            ("", id, right, false),
            (secret, "", right, false),
        ] {
            assert_eq!(signed_by(secret, id, hmac), expected, "{secret} {id} {hmac}");
        }
    }
}
