//! In: a message. Out: what it is when it asks for nothing: a nod, a laugh, a lone mark, a face. Only when it is nothing else.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// "???", "huh?": the last reply was not understood, or not what was meant.
    Puzzled,
    /// "k", 嗯.
    Agreed,
    /// "no thanks", 不用了.
    Declined,
    /// 哈哈.
    Laughing,
    /// "nice", 👍.
    Pleased,
    /// "ugh", 😡.
    Annoyed,
    /// "sorry for shouting".
    Sorry,
    /// Dots, and faces that say nothing plain.
    Unclear,
}

use Remark::*;

const SAID: &[(Remark, &[&str])] = &[
    (
        Puzzled,
        &[
            "huh",
            "eh",
            "what",
            "wdym",
            "what do you mean",
            "i dont understand",
            "i dont get it",
            "pardon",
            "啊",
            "哈",
            "啥",
            "啥意思",
            "什么",
            "什么意思",
            "什么鬼",
            "看不懂",
            "没懂",
            "没看懂",
            "不懂",
            "没明白",
        ],
    ),
    (
        Agreed,
        &[
            "k",
            "kk",
            "ok",
            "okay",
            "okey",
            "okie",
            "ok ok",
            "sure",
            "yes",
            "yep",
            "yeah",
            "yup",
            "ya",
            "alright",
            "fine",
            "got it",
            "i see",
            "noted",
            "right",
            "oh",
            "oh ok",
            "oh i see",
            "ah",
            "ah ok",
            "hm",
            "hmm",
            "mm",
            "mhm",
            "嗯",
            "嗯嗯",
            "恩",
            "好",
            "好的",
            "好吧",
            "好滴",
            "好嘞",
            "行",
            "行吧",
            "可以",
            "知道了",
            "明白了",
            "了解",
            "收到",
            "哦",
            "哦哦",
            "噢",
            "喔",
            "对",
            "是的",
            "对的",
            "中",
            "ok的",
            "没问题",
            "没事",
        ],
    ),
    (
        Declined,
        &[
            "no",
            "nope",
            "nah",
            "no thanks",
            "no thank you",
            "never mind",
            "nevermind",
            "nvm",
            "not now",
            "forget it",
            "thats all",
            "that is all",
            "nothing",
            "nothing else",
            "nothing more",
            "leave it",
            "leave it then",
            "ok leave it",
            "ok leave it then",
            "never mind then",
            "ok never mind",
            "那算了",
            "那就算了",
            "那就不用了",
            "那不用了",
            "nothing further",
            "no nothing else",
            "no thats all",
            "no that is all",
            "nothing more bye",
            "nothing else bye",
            "no more",
            "im good",
            "im fine",
            "all good",
            "不",
            "不用",
            "不用了",
            "不需要",
            "不需要了",
            "不要了",
            "算了",
            "算了吧",
            "没了",
            "没有了",
            "没有",
            "没别的了",
            "没别的",
            "没有别的了",
            "没其他的了",
            "没有其他的了",
            "没有其他了",
            "没其他了",
            "不用别的了",
            "就这样",
            "就这些",
            "先这样",
        ],
    ),
    (Laughing, &["lol", "lmao", "rofl", "lolol", "hehe", "xd", "嘿嘿", "呵呵", "嘻嘻", "笑死", "笑死我了", "yyds", "xswl", "绝了"]),
    (
        Pleased,
        &[
            "nice",
            "great",
            "awesome",
            "cool",
            "amazing",
            "wow",
            "love it",
            "sounds good",
            "good",
            "very good",
            "不错",
            "太好了",
            "赞",
            "棒",
            "好棒",
            "太棒了",
            "牛",
            "厉害",
            "真好",
            "可以的",
        ],
    ),
    (
        Annoyed,
        &[
            "ugh",
            "meh",
            "argh",
            "wtf",
            "omg",
            "seriously",
            "are you serious",
            "无语",
            "晕",
            "唉",
            "哎",
            "烦",
            "烦死了",
            "服了",
            "醉了",
            "我靠",
            "我去",
            "天啊",
            "天哪",
        ],
    ),
    (Sorry, &["sorry", "my bad", "my apologies", "apologies", "i apologise", "i apologize", "抱歉", "对不起", "不好意思"]),
];

/// How an apology goes on.
const SORRY_FOR: &[&str] = &[
    "sorry for ",
    "sorry about ",
    "sorry i shouted",
    "sorry i was",
    "sorry to be",
    "抱歉刚才",
    "对不起刚才",
    "不好意思刚才",
    "刚才不好意思",
    "刚才对不起",
    "刚才抱歉",
];

/// An apology is short; what is longer asks for something too.
const LONGEST_APOLOGY: usize = 60;

const ANGRY: &str = "😡🤬😠👎💢😤🙄😒😑😭😢😞😫😩😣☹🙁";
const PLEASED: &str = "👍👌🙏❤😍😊🙂😀😁😄👏🎉💯💛💚💙💜🧡🥰😘😃✨🌹🤝💪☺🤗";
const LAUGHING: &str = "😂🤣😆😅😹😝😜";

/// What a message is that asks for nothing; `None` when it says more.
pub fn remark(text: &str) -> Option<Remark> {
    let bare: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).collect();
    let bare = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    if bare.is_empty() {
        return wordless(text);
    }
    if let Some((remark, _)) = SAID.iter().find(|(_, list)| list.contains(&bare.as_str())) {
        return Some(*remark);
    }
    if laughs(&bare) {
        return Some(Laughing);
    }
    let sorry = SORRY_FOR.iter().any(|start| bare.starts_with(start.trim_end())) && text.len() <= LONGEST_APOLOGY;
    sorry.then_some(Sorry)
}

/// Marks and faces only.
fn wordless(text: &str) -> Option<Remark> {
    let mut marks = text.chars().filter(|c| !c.is_whitespace()).peekable();
    marks.peek()?;
    let asks = |c: char| matches!(c, '?' | '？' | '!' | '！' | '⁉' | '❓' | '\u{fe0f}');
    let any = |list: &str| text.chars().any(|c| list.contains(c) && c != '\u{fe0f}');
    Some(match () {
        () if text.contains(['?', '？', '❓', '⁉']) && marks.all(asks) => Puzzled,
        () if any(ANGRY) => Annoyed,
        () if any(LAUGHING) => Laughing,
        () if any(PLEASED) && !text.contains(['?', '？']) => Pleased,
        () => Unclear,
    })
}

/// "hahaha", 哈哈哈, 666, 2333.
fn laughs(bare: &str) -> bool {
    let word: String = bare.chars().filter(|c| !c.is_whitespace()).collect();
    let of = |letters: &str| word.chars().all(|c| letters.contains(c));
    let n = word.chars().count();
    (n >= 3 && of("ha") && word.contains("ha"))
        || (n >= 2 && of("哈"))
        || (n >= 2 && of("哈呵嘿"))
        || (n >= 3 && of("6"))
        || (n >= 3 && word.starts_with('2') && word[1..].chars().all(|c| c == '3'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_asks_for_nothing() {
        for (text, want) in [
            ("???", Some(Puzzled)),
            ("？？？", Some(Puzzled)),
            ("huh?", Some(Puzzled)),
            ("啊？", Some(Puzzled)),
            ("k", Some(Agreed)),
            ("嗯", Some(Agreed)),
            ("OK!", Some(Agreed)),
            ("no thanks", Some(Declined)),
            ("算了", Some(Declined)),
            ("哈哈哈", Some(Laughing)),
            ("hahaha", Some(Laughing)),
            ("666", Some(Laughing)),
            ("😂😂", Some(Laughing)),
            ("👍", Some(Pleased)),
            ("不错", Some(Pleased)),
            ("😡", Some(Annoyed)),
            ("。。。", Some(Unclear)),
            ("👗💃", Some(Unclear)),
            ("💛?", Some(Unclear)),
            ("sorry for shouting earlier", Some(Sorry)),
            ("刚才不好意思啊", Some(Sorry)),
            // More than that.
            ("", None),
            ("66", None),
            ("42", None),
            ("k5", None),
            ("ok show me boots", None),
            ("嗯 要红的", None),
            ("黑色的👍？", None),
            ("sorry, wrong size arrived", None),
            ("what about biscuits", None),
            ("hat", None),
        ] {
            assert_eq!(remark(text), want, "{text}");
        }
    }
}
