//! A message as it is spoken in; the same as it is written, out: 可以洗不 → 可以洗吗, 有木有 → 有没有. Pure.

use super::Ask;
use std::borrow::Cow;

/// Said for something that every list here has.
const SAID: [(&str, &str); 7] = [
    ("有木有", "有没有"),
    ("啥时候", "什么时候"),
    ("啥时", "什么时候"),
    ("为啥", "为什么"),
    ("啥", "什么"),
    ("咋样", "怎么样"),
    ("咋", "怎么"),
];
/// A last 不 or 没 asks, but not after these: 还是不, 还没.
const ANSWERS: &str = "我你他她它也就偏还都才是绝可从并先暂";
/// The same of words: "can u", "wats the best".
const TYPED: [(&str, &str); 17] = [
    ("u", "you"),
    ("ur", "your"),
    ("wat", "what"),
    ("wut", "what"),
    ("wats", "whats"),
    ("abt", "about"),
    ("smth", "something"),
    ("somethin", "something"),
    ("hv", "have"),
    ("tmr", "tomorrow"),
    ("tmrw", "tomorrow"),
    ("nite", "night"),
    ("thru", "through"),
    ("bday", "birthday"),
    ("pls", "please"),
    ("plz", "please"),
    ("cos", "because"),
];
/// What "r" stands before where it is "are".
const ARE: [&str; 8] = ["u", "you", "they", "those", "these", "there", "we", "the"];
/// Characters of the shortest clause whose last one asks: 贵不.
const SHORTEST: usize = 2;

/// A message's text; what answers a question about an order stays as it is: it may be a name.
pub fn text(ask: &Ask) -> Cow<'_, str> {
    if ask.memory.errands.asked.is_some() { Cow::Borrowed(&ask.text) } else { written(&ask.text) }
}

fn written(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return typed(text);
    }
    if !text.contains(['木', '啥', '咋', '不', '没']) {
        return Cow::Borrowed(text);
    }
    let text = SAID.iter().fold(text.to_owned(), |text, (said, written)| text.replace(said, written));
    let is_end = |c: Option<&char>| c.is_none_or(|c| c.is_whitespace() || (!c.is_alphanumeric() && *c != '\''));
    let characters: Vec<char> = text.chars().collect();
    let mut clause = 0;
    let asking = |(at, c): (usize, &char)| {
        clause = if is_end(Some(c)) { 0 } else { clause + 1 };
        let asks =
            matches!(c, '不' | '没') && clause > SHORTEST - 1 && is_end(characters.get(at + 1)) && !ANSWERS.contains(characters[at - 1]);
        if asks { '吗' } else { *c }
    };
    Cow::Owned(characters.iter().enumerate().map(asking).collect())
}

fn typed(text: &str) -> Cow<'_, str> {
    let words: Vec<&str> = text.split(' ').collect();
    let bare = |at: usize| words.get(at).map_or("", |word| word.trim_end_matches(['?', ',', '.', '!']));
    let spelled = |at: usize| match bare(at) {
        "r" if ARE.contains(&bare(at + 1)) => Some("are"),
        // A name is not typed in small letters: "size U", "Carbon R".
        word => TYPED.iter().find(|(typed, _)| *typed == word).map(|(_, word)| *word),
    };
    if (0..words.len()).all(|at| spelled(at).is_none()) {
        return Cow::Borrowed(text);
    }
    let word = |at: usize| spelled(at).map_or_else(|| words[at].to_owned(), |word| format!("{word}{}", &words[at][bare(at).len()..]));
    Cow::Owned((0..words.len()).map(word).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn short_forms_are_words() {
        for (typed, same) in [
            ("can u wrap it, pls?", "can you wrap it, please?"),
            ("r those washable", "are those washable"),
            ("wats ur cheapest", "whats your cheapest"),
            ("Carbon R Race Shoes", "Carbon R Race Shoes"),
            ("size U", "size U"),
        ] {
            assert_eq!(written(typed), same);
        }
    }

    #[test]
    fn a_last_no_asks() {
        for (spoken, same) in [
            ("可以洗不", "可以洗吗"),
            ("黑色还有不？", "黑色还有吗？"),
            ("退货要运费不，急", "退货要运费吗，急"),
            ("到货了没", "到货了吗"),
            ("贵不 能便宜点不", "贵吗 能便宜点吗"),
            ("有木有iphone", "有没有iphone"),
            ("咋退啊，为啥还没", "怎么退啊，为什么还没"),
            ("不", "不"),
            ("还是不", "还是不"),
            ("不要红色", "不要红色"),
            ("没有", "没有"),
            ("木头的", "木头的"),
            ("is it ok", "is it ok"),
        ] {
            assert_eq!(written(spoken), same);
        }
    }
}
