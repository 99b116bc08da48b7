//! Synonyms across languages.

use super::super::lexicon::{LEXICON, expansions, synonyms_of};
use super::check;

#[test]
fn finds_across_languages() {
    let cases = [
        ("防滑登山鞋", "hiking boots", true),
        ("徒步鞋", "登山鞋", true),
        ("non-slip hiking shoe", "防滑", true),
        ("雨衣", "raincoat", true),
        ("raincoats", "冲锋衣", true),
        ("笔记本 16G 内存", "laptop", true),
        ("笔记本 16G 内存", "journal", false),
        ("笔记本 横线 写字", "journal", true),
        ("笔记本 横线 写字", "laptop", false),
        ("笔记本", "laptop", true),
        ("spiral notebook", "laptop", false),
        ("gaming notebook", "笔记本电脑", true),
        ("可收纳", "packable", true),
        ("packs small", "可收纳", true),
        ("手机壳", "smartphone", false),
        ("买把伞", "umbrella", true),
        ("伞兵模型", "umbrella", false),
        ("sugar free cookies", "无糖", true),
    ];
    check(cases.map(|(text, word, want)| (text, (word, expansions(text).iter().any(|e| e.alternatives.contains(&word))), (word, want))));
    assert!(synonyms_of("hiking boots").contains(&"登山鞋"));
    assert!(synonyms_of("boot camp").is_empty());
    assert!(LEXICON.groups.len() >= 350);
}
