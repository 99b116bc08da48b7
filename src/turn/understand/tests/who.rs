//! Whom it is for.

use super::super::{marks::Marks, normalize_quantities, reading::Reading, who::who};
use super::check;

#[test]
fn people() {
    let cases = [
        ("给爸爸买双登山鞋", "father", "male", "adult", ""),
        ("a gift for my dad", "father", "male", "adult", "gift"),
        ("妈妈生日礼物", "mother", "female", "adult", "birthday"),
        ("toys for a kid", "child", "", "kids", ""),
        ("kids shoes", "", "", "kids", ""),
        ("women's running shoes", "", "female", "adult", ""),
        ("男士皮鞋", "", "male", "adult", ""),
        ("送女朋友的项链", "girlfriend", "female", "adult", ""),
        ("给孩子的书包", "child", "", "kids", ""),
        ("送人的礼盒", "", "", "", "gift"),
        ("motherboard", "", "", "", ""),
        ("baby blue dress", "", "", "", ""),
        ("for my wife", "wife", "female", "adult", ""),
        ("男童外套", "", "male", "kids", ""),
        ("给3岁孩子", "child", "", "toddler", ""),
        ("给75岁的奶奶", "grandmother", "female", "adult", ""),
        ("for men and women", "", "", "adult", ""),
        ("给客户送礼", "colleague", "", "adult", "gift"),
    ];
    check(cases.map(|(text, person, gender, age, occasion)| {
        let reading = Reading::of(text);
        let ages =
            normalize_quantities(text).iter().filter(|q| text.contains('岁') && q.unit == "month").map(|q| q.value).collect::<Vec<_>>();
        let got = who(&reading, &ages, &mut Marks::new(reading.len()));
        let recipient = got.recipient.clone().unwrap_or_default();
        let show = |v: &Option<String>| v.clone().unwrap_or_default();
        let fields = (show(&recipient.who), show(&got.gender), show(&got.age_group), show(&recipient.occasion));
        (text, fields, (person.into(), gender.into(), age.into(), occasion.into()))
    }));
}
