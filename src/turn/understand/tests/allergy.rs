//! What must not be had, and what is taken back.

use super::super::understand;
use super::check;

#[test]
fn what_must_not_be_had_is_no_search_word() {
    let cases = [
        ("I have a nut allergy, any snacks?", &["nuts"][..], "snacks"),
        ("snacks, I'm allergic to peanuts and milk", &["peanuts", "milk"], "snacks"),
        ("我对坚果过敏，有什么零食", &["nuts"], "零食"),
        ("海鲜过敏能吃的零食", &["seafood"], "零食"),
        ("allergic to pollen, need a mask", &["pollen"], "mask"),
        ("nuts for my mum", &[], "nuts"),
        ("she can't have milk either", &["milk"], ""),
        ("biscuits, no nuts please, allergy", &["nuts"], "biscuits"),
        ("it must be nut free", &["nuts"], ""),
        ("gluten-free pasta", &["gluten"], "pasta"),
        ("I'm lactose intolerant, which chocolate?", &["milk"], "chocolate"),
        ("my wife is coeliac, biscuits please", &["gluten"], "biscuits"),
        ("坚果也不能吃", &["nuts"], ""),
        ("她不能吃花生和芝麻", &["peanuts", "sesame"], ""),
        ("乳糖不耐 想买饼干", &["milk"], "饼干"),
        ("忌口海鲜，有什么零食", &["seafood"], "零食"),
        ("不含麸质的饼干", &["gluten"], "饼干"),
        ("yoga mat, I'm allergic to natural rubber", &["latex"], "yoga mat"),
        ("我对天然橡胶过敏，瑜伽垫", &["latex"], "瑜伽垫"),
        ("给孩子买饼干，他不能吃花生，也不能吃坚果", &["peanuts", "nuts"], "饼干"),
        ("sugar free cookies", &[], "sugar free cookies"),
        ("nuts and free delivery", &[], "nuts"),
        ("what can I eat with milk", &[], "milk"),
        ("有没有不过敏的面霜", &[], "面霜"),
        ("she is not only allergic to nuts, also to milk", &["nuts", "milk"], ""),
        ("not sure if he is allergic to fish", &["fish"], ""),
    ];
    for (text, allergies, terms) in cases {
        let read = understand(text);
        assert_eq!(read.filters.allergies, allergies, "{text}");
        assert_eq!(read.told.recovered, None, "{text}");
        let clean = text.contains("不过敏") || !["llerg", "过敏", "不能", "intoler"].iter().any(|w| read.terms.contains(w));
        assert!(read.terms.contains(terms) && clean, "{text}: {}", read.terms);
    }
}

#[test]
fn an_allergy_is_taken_back_by_plain_words_only() {
    let all = Some(vec![]);
    let of = |name: &str| Some(vec![name.to_owned()]);
    let cases = [
        ("I'm not allergic to nuts any more", of("nuts")),
        ("the allergy was my sister's, forget it", all.clone()),
        ("actually the latex thing was a joke, I have no allergies", all.clone()),
        ("the nut allergy is my other friend", of("nuts")),
        ("she has no nut allergy", of("nuts")),
        ("she can eat nuts again", of("nuts")),
        ("forget the nut allergy", of("nuts")),
        ("其实不过敏", all.clone()),
        ("那个过敏的不用管了", all.clone()),
        ("过敏是我姐姐的", all.clone()),
        ("我啥都不过敏", all.clone()),
        ("他对花生不过敏了", of("peanuts")),
        ("医生说坚果没问题了", of("nuts")),
        ("她不是花生过敏", of("peanuts")),
        // Not taken back.
        ("I'm allergic to nuts", None),
        ("is anything here not allergic?", None),
        ("are nuts ok?", None),
        ("she can't have nuts now", None),
        ("forget it", None),
        ("不过敏的防晒霜", None),
        ("坚果可以吃吗", None),
        ("她是不是花生过敏", None),
        ("不只是花生过敏", None),
    ];
    check(cases.map(|(text, want)| (text, understand(text).told.recovered, want)));
}

#[test]
fn one_taken_back_and_another_told() {
    let cases = [
        ("说错了 她不是花生过敏 是芝麻过敏", "peanuts", "sesame"),
        ("she's not allergic to nuts, it's milk she can't have", "nuts", "milk"),
        ("wait I mixed them up, the nut allergy is my other friend. this one just can't have milk", "nuts", "milk"),
        ("不是花生过敏是芝麻过敏", "peanuts", "sesame"),
    ];
    check(cases.map(|(text, gone, new)| {
        let read = understand(text);
        (text, (read.told.recovered, read.filters.allergies), (Some(vec![gone.to_owned()]), vec![new.to_owned()]))
    }));
}
