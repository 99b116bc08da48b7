//! Chinese text in either script in; in simplified characters, one for one, out.

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use std::borrow::Cow;
use std::sync::LazyLock;

static TO_SIMPLIFIED: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());

/// Every byte stays where it is; text in which that cannot be is left alone.
pub fn simplified(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let Some(converter) = &*TO_SIMPLIFIED else { return Cow::Borrowed(text) };
    let plain = converter.convert(text);
    let alike = plain.len() == text.len() && plain.char_indices().zip(text.char_indices()).all(|(a, b)| a.0 == b.0);
    if alike { Cow::Owned(plain) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::simplified;

    #[test]
    fn traditional_characters() {
        assert_eq!(simplified("背包想換大號灰色滌綸帶水袋的"), "背包想换大号灰色涤纶带水袋的");
        assert_eq!(simplified("send it back"), "send it back");
    }
}
