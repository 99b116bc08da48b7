//! Streamed text pieces in, whole sentences out. Pure.

/// Collects pieces and gives back each sentence as soon as it is complete.
#[derive(Clone, Debug, Default)]
pub struct Sentences {
    waiting: String,
}

const ABBREVIATIONS: &[&str] =
    &["e.g.", "i.e.", "approx.", "vs.", "etc.", "no.", "St.", "Mr.", "Ms.", "Dr.", "Dept.", "Co.", "Ltd.", "Inc.", "Bros."];

impl Sentences {
    pub fn push(&mut self, piece: &str) -> Vec<String> {
        self.waiting.push_str(piece);
        let mut whole = Vec::new();
        while let Some(end) = end_of_sentence(&self.waiting) {
            let sentence: String = self.waiting.drain(..end).collect();
            let sentence = tidy(&sentence);
            if !sentence.is_empty() {
                whole.push(sentence);
            }
        }
        whole
    }

    /// What is left when the stream has ended, if it reads as a whole sentence.
    pub fn finish(self) -> Option<String> {
        let rest = tidy(&self.waiting);
        let ended = rest.ends_with(['.', '!', '?', '。', '！', '？', '…']);
        (ended && !rest.is_empty()).then_some(rest)
    }
}

/// Whether a text only seems to end: "The Drizzle Dept."
pub fn ends_in_abbreviation(text: &str) -> bool {
    ABBREVIATIONS.iter().any(|a| text.trim_end().ends_with(a))
}

fn end_of_sentence(text: &str) -> Option<usize> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for (n, (at, c)) in chars.iter().enumerate() {
        let after = chars.get(n + 1).map(|(_, c)| *c);
        let end = at + c.len_utf8();
        match c {
            '。' | '！' | '？' => return Some(end),
            '\n' => return Some(end),
            '.' | '!' | '?' if after.is_some_and(char::is_whitespace) && !ABBREVIATIONS.iter().any(|a| text[..end].ends_with(a)) => {
                let number = text[..*at].chars().next_back().is_some_and(|c| c.is_ascii_digit());
                let list_mark = number && text[..*at].trim_start().chars().all(|c| c.is_ascii_digit());
                if !list_mark {
                    return Some(end);
                }
            }
            _ => {}
        }
    }
    None
}

/// Without list marks, Markdown and surrounding quotes.
fn tidy(sentence: &str) -> String {
    let plain = sentence.replace("**", "").replace('`', "");
    let plain = plain.trim().trim_start_matches(['-', '*', '#', '•', '>', ' ']);
    let after_number = plain.trim_start_matches(|c: char| c.is_ascii_digit());
    let plain = if after_number.len() < plain.len() { after_number.strip_prefix(". ").unwrap_or(plain) } else { plain };
    let plain = plain.trim();
    let plain =
        ["建议：", "您的建议：", "我的建议：", "Advice:", "Your advice:"].iter().find_map(|l| plain.strip_prefix(l)).unwrap_or(plain);
    plain.trim().trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_as_readers_do() {
        for (text, expected) in [
            ("It weighs 1.5 kg. Take it, e.g. on trips! ", vec!["It weighs 1.5 kg.", "Take it, e.g. on trips!"]),
            ("防滑，适合徒步。价格合适！", vec!["防滑，适合徒步。", "价格合适！"]),
            ("1. **Light**.\n- Dry.\n", vec!["Light.", "Dry."]),
        ] {
            let mut sentences = Sentences::default();
            let mut got = Vec::new();
            for c in text.chars() {
                got.extend(sentences.push(&c.to_string()));
            }
            assert_eq!(got, expected);
        }
    }

    #[test]
    fn a_torn_end_is_dropped() {
        let mut sentences = Sentences::default();
        assert_eq!(sentences.push("Whole. And a to"), ["Whole."]);
        assert_eq!(sentences.finish(), None);
    }
}
