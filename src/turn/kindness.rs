//! Words of care and courtesy, in both languages. They state no fact of catalogue or policy.

use super::understand::{Danger, Remark, allergen_name};
use crate::catalog::Lang;

/// Somebody is in danger.
pub fn alarm(danger: Danger, lang: Lang) -> &'static str {
    match (danger, lang) {
        (Danger::Despair, Lang::Zh) => {
            "听到您这么说我很难过，谢谢您愿意说出来。请现在就拨打当地的急救电话或心理援助热线，或者联系身边信任的人，您不必一个人扛着。"
        }
        (Danger::Despair, Lang::En) => {
            "I am so sorry it hurts this much, and I am glad you said it. Please call your local emergency number or a crisis line now, or reach out to someone you trust; you do not have to be alone with this."
        }
        (Danger::Swallowed, Lang::Zh) => "情况紧急：请马上拨打当地的急救电话，或者立刻去最近的医院，即使现在看起来没事也不要等。",
        (Danger::Swallowed, Lang::En) => {
            "This is urgent: please call your local emergency number now or go to the nearest hospital, even if nothing seems wrong yet."
        }
        (Danger::Battery, Lang::Zh) => {
            "请马上停止使用和充电，人离它远一点，不要挤压或拆开。冒烟或起火就离开房间，拨打当地的火警或急救电话。您的安全最重要。"
        }
        (Danger::Battery, Lang::En) => {
            "Please stop using and charging it, keep away from it, and do not press or open it. If there is smoke or fire, leave the room and call your local emergency number. Your safety comes first."
        }
        (Danger::Other, Lang::Zh) => "听起来情况紧急，请马上联系当地的急救或报警电话，或身边信任的人。您的安全最重要。",
        (Danger::Other, Lang::En) => {
            "This sounds urgent. Please call your local emergency number now, or reach out to someone you trust. Your safety comes first."
        }
    }
}

/// While nothing is sold.
pub fn with_you(despair: bool, lang: Lang) -> &'static str {
    match (despair, lang) {
        (true, Lang::Zh) => {
            "您的感受很重要。我只是店里的程序，帮不了这么重的事；请现在就打给心理援助热线、急救电话或信任的人，让人陪着您。"
        }
        (true, Lang::En) => {
            "What you feel matters. I am only a shop's program, and this is too heavy to carry alone: please call a crisis line, your local emergency number or someone you trust, and let them be with you."
        }
        (false, Lang::Zh) => "先顾好人，东西的事不急。情况不对就拨打当地的急救或报警电话；等安全了，再来找我。",
        (false, Lang::En) => {
            "People first; nothing here is urgent. If anything gets worse, call your local emergency number. I am here when everyone is safe."
        }
    }
}

pub fn in_company(despair: bool, lang: Lang) -> &'static str {
    match (despair, lang) {
        (true, Lang::Zh) => "有人陪着您就好。请和他们待在一起，别一个人扛，店里的事都不急。",
        (true, Lang::En) => "I am glad you are not alone with it. Please stay close to them; nothing in this shop is urgent.",
        (false, Lang::Zh) => "那就好，请听医护和救援人员的。希望一切平安，店里的事都不急。",
        (false, Lang::En) => "Good, please follow what the people helping you say. I hope all goes well; nothing here is urgent.",
    }
}

pub fn thanked(despair: bool, lang: Lang) -> &'static str {
    match (despair, lang) {
        (true, Lang::Zh) => "不客气。请照顾好自己，难受的时候一定打给信任的人或心理援助热线。",
        (true, Lang::En) => {
            "You are welcome. Please take care of yourself, and call someone you trust or a crisis line when it gets heavy."
        }
        (false, Lang::Zh) => "不客气，希望人都平安。",
        (false, Lang::En) => "You are welcome. I hope everyone is safe.",
    }
}

/// "Are you a real person?", asked in despair.
pub fn no_person(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "我是程序，不是真人。现在您需要的是能陪着您的人：请打给心理援助热线、急救电话，或者身边信任的人。",
        Lang::En => {
            "I am a program, not a person. You deserve a real one right now: please call a crisis line, your local emergency number, or someone you trust."
        }
    }
}

/// The shopper is back at the shop.
pub fn back_again(despair: bool, lang: Lang) -> &'static str {
    match (despair, lang) {
        (true, Lang::Zh) => "很高兴您还在这里；再难受的时候，请一定打给信任的人。",
        (true, Lang::En) => "I am glad you are here; if it gets heavy again, please call someone you trust.",
        (false, Lang::Zh) => "希望人都平安。",
        (false, Lang::En) => "I hope everyone is safe.",
    }
}

pub fn adults_only(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "这类商品只卖给成年人，不能给未成年人推荐。别的可以，告诉我想找什么，我帮您挑。",
        Lang::En => {
            "That is sold to adults only, so I do not offer it to or for anyone under age. Tell me what else you would like, and I will gladly help."
        }
    }
}

pub fn ask_a_doctor(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "商品对身体有没有作用、适不适合您的情况，我说不了，请问医生或药师。",
        Lang::En => {
            "I cannot say what a product does for your health or whether it suits your condition; please ask a doctor or pharmacist."
        }
    }
}

pub fn no_remedy(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "商品对病症有没有作用我说不了，请问医生或药师；下面只按商品本身来找。",
        Lang::En => {
            "I cannot say what a product does for an illness; please ask a doctor or pharmacist. These are simply what we sell of the kind."
        }
    }
}

/// Allergies that are over; `gone` were known.
pub fn recovered(gone: &[String], lang: Lang) -> String {
    match (lang, gone.is_empty()) {
        (Lang::Zh, true) => "好的，记下了。".to_owned(),
        (Lang::En, true) => "Noted.".to_owned(),
        (Lang::Zh, false) => format!("好的，不再排除含{}的商品。", list(gone, lang)),
        (Lang::En, false) => format!("Noted: products with {} are no longer left out.", list(gone, lang)),
    }
}

pub fn noted(allergies: &[String], lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("记下了，写明含{}的商品我都会排除。想找点什么？", list(allergies, lang)),
        Lang::En => format!("Noted: I will leave out whatever mentions {}. What are you looking for?", list(allergies, lang)),
    }
}

/// Products whose record does not say what is in them.
pub fn unpromised(titles: &[String], allergies: &[String], lang: Lang) -> Option<String> {
    let first = titles.first()?;
    let names = list(allergies, lang);
    Some(match (lang, titles.len()) {
        (Lang::Zh, 1) => format!("{first}的资料没有写配料，不能保证不含{names}。"),
        (Lang::Zh, n) => format!("{first}等 {n} 款的资料没有写配料，不能保证不含{names}。"),
        (Lang::En, 1) => format!("The record of {first} does not say what is in it, so I cannot promise that it is free of {names}."),
        (Lang::En, n) => format!(
            "The records of {n} of these, such as {first}, do not say what is in them, so I cannot promise that they are free of {names}."
        ),
    })
}

pub fn names_it(allergies: &[String], lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("资料里写到了{}，对它过敏请不要选这款。", list(allergies, lang)),
        Lang::En => format!("Its record mentions {}, so it is not for somebody with that allergy.", list(allergies, lang)),
    }
}

pub fn does_not_name_it(allergies: &[String], lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("资料里没有写到{}；过敏请务必再看一遍包装上的配料。", list(allergies, lang)),
        Lang::En => format!("Its record does not mention {}; with an allergy, please read the label as well.", list(allergies, lang)),
    }
}

pub fn any_price(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "好的，价格不限。想找点什么？",
        Lang::En => "Good, any price then. What are you looking for?",
    }
}

/// To an insult that stands beside a request.
pub fn calm(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "抱歉让您不愉快了，我再看一遍您要的。",
        Lang::En => "I am sorry this has been frustrating; let me look again at what you asked for.",
    }
}

/// To words that ask for nothing. `shown`: products are on the screen.
pub fn to_remark(remark: Remark, shown: bool, lang: Lang) -> &'static str {
    match (remark, shown, lang) {
        (Remark::Puzzled, true, Lang::Zh) => "刚才的不是您要的吗？换个说法，或者告诉我哪里不合适，我再找。",
        (Remark::Puzzled, true, Lang::En) => {
            "Was that not what you meant? Tell me in other words, or what does not suit you, and I will look again."
        }
        (Remark::Puzzled | Remark::Unclear, false, Lang::Zh) => "我在呢。想找什么？用几个字说说就行，比如“红色雨衣”。",
        (Remark::Puzzled | Remark::Unclear, false, Lang::En) => {
            "I am here. What are you looking for? A few words will do, like “red raincoat”."
        }
        (Remark::Unclear, true, Lang::Zh) => "这个我没看懂，用几个字说说您想怎么改？",
        (Remark::Unclear, true, Lang::En) => "I could not read that one. Could you say in a few words what you would like?",
        (Remark::Agreed, true, Lang::Zh) => "好的，要看哪一款的详情，或者想换条件，随时说。",
        (Remark::Agreed, true, Lang::En) => "Good. Tell me if you would like to know more about one of them, or want something changed.",
        (Remark::Agreed, false, Lang::Zh) => "好的，想找什么随时说。",
        (Remark::Agreed, false, Lang::En) => "Good. Tell me whenever you are looking for something.",
        (Remark::Declined, _, Lang::Zh) => "好的，需要的时候再叫我。",
        (Remark::Declined, _, Lang::En) => "All right. I am here whenever you need something.",
        (Remark::Laughing, _, Lang::Zh) => "哈哈，还想看点什么，随时说。",
        (Remark::Laughing, _, Lang::En) => "Ha! Tell me if there is anything else you would like to see.",
        (Remark::Pleased, _, Lang::Zh) => "您喜欢就好！还需要什么随时告诉我。",
        (Remark::Pleased, _, Lang::En) => "Glad you like it! Let me know if there is anything else.",
        (Remark::Annoyed, _, Lang::Zh) => "抱歉没帮好您。告诉我哪里不合适，我再找。",
        (Remark::Annoyed, _, Lang::En) => "Sorry that was no help. Tell me what does not suit you, and I will look again.",
        (Remark::Sorry, _, Lang::Zh) => "没关系，我们接着来，想看什么？",
        (Remark::Sorry, _, Lang::En) => "No harm done. What can I do for you?",
    }
}

fn list(allergies: &[String], lang: Lang) -> String {
    let names: Vec<&str> = allergies.iter().map(|a| allergen_name(a, lang)).collect();
    names.join(if lang == Lang::Zh { "、" } else { ", " })
}
