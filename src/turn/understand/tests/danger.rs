//! Danger and distress, in everyday words; and what only sounds like it.

use super::super::{Danger, Intent, understand};
use super::check;

#[test]
fn dangers() {
    use Danger::*;
    let cases = [
        ("I want to kill myself", Some(Despair)),
        ("honestly i just want it to end, i dont wanna live", Some(Despair)),
        ("everyone would be better off without me", Some(Despair)),
        ("我不想活了", Some(Despair)),
        ("真的撑不下去了", Some(Despair)),
        ("死了算了", Some(Despair)),
        ("my son just ate two magnets", Some(Swallowed)),
        ("HELP my toddler swallowed a bead from the bracelet", Some(Swallowed)),
        ("天啊 我儿子好像吞了颗纽扣电池", Some(Swallowed)),
        ("孩子把洗衣液喝下去了", Some(Swallowed)),
        ("宝宝误吞了硬币", Some(Swallowed)),
        ("你们家的充电宝冒烟了 咋办", Some(Battery)),
        ("充电宝鼓包了", Some(Battery)),
        ("my power bank is swollen and getting hot", Some(Battery)),
        ("手机电池好烫", Some(Battery)),
        ("the hammer drill just gave me an electric shock and my arm is numb", Some(Other)),
        ("the battery is on fire", Some(Other)),
        ("有人触电了", Some(Other)),
        // Only words of a shop.
        ("power bank for hot weather", None),
        ("hot pink power bank", None),
        ("这个充电宝会发烫吗", None),
        ("充电宝发烫吗", None),
        ("防漏电插座", None),
        ("怕误吞，有没有大颗粒积木", None),
        ("toys without parts a baby could swallow", None),
        ("these heels are killing me", None),
        ("想死你们家的饼干了", None),
        ("跳楼价的帐篷", None),
        ("a battery charger", None),
        ("my dog ate my slippers", None),
        ("we ate too much, need a bigger belt", None),
        ("吃了你们的饼干，好吃", None),
    ];
    check(cases.map(|(text, want)| (text, understand(text).told.danger, want)));
    check(cases.map(|(text, want)| (text, understand(text).intent == Intent::Emergency, want.is_some())));
}

#[test]
fn what_is_left_to_a_doctor() {
    let cases = [
        ("will this cure my eczema?", true),
        ("does the tea lower blood pressure", true),
        ("does it help with insomnia?", true),
        ("is the hand cream safe when pregnant", true),
        ("im on blood thinners, is the pu'er tea ok?", true),
        ("那能治好我手上的湿疹吗", true),
        ("这茶能降血压吗", true),
        ("孕妇能用吗", true),
        ("糖尿病能吃吗", true),
        // A need, or no illness at all.
        ("office chair for back pain", false),
        ("给高血压的爸爸买血压计", false),
        ("a treat for my dog", false),
        ("dog treats", false),
        ("maternity jeans, 5 months pregnant", false),
        ("怀孕5个月穿的裙子", false),
        ("can you help with an order", false),
        ("safe for the dishwasher?", false),
    ];
    check(cases.map(|(text, want)| (text, understand(text).told.health, want)));
    assert_eq!(understand("is the hand cream safe when pregnant").terms, "hand cream");
}
