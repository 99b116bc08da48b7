//! Words that state no fact: greetings, excuses, questions and quick replies, in both languages.

use super::Choice;
use super::retrieve::Retrieved;
use crate::catalog::Lang;
use crate::turn::understand::{Intent, Refinement, Understanding};

pub fn failed(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "抱歉，我这边出了点问题，没能答上来。请再试一次。",
        Lang::En => "Sorry, something went wrong on my side and I could not answer. Please try again.",
    }
}

pub fn photo_only(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "照片收到了，但这里现在看不了图。请用一句话告诉我您要找什么，比如颜色和用途。",
        Lang::En => {
            "Thank you for the photo. Pictures cannot be looked at here right now; please tell me in a few words what you are looking for."
        }
    }
}

/// A photo that is damaged or of a kind nobody can open.
pub fn photo_broken(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "这张照片打不开，请换一张，或者用一句话告诉我您要找什么。",
        Lang::En => "That photo cannot be opened. Please send another one, or tell me in a few words what you are looking for.",
    }
}

/// Nothing beyond the end of the price range on the screen.
pub fn no_further(understanding: &Understanding, lang: Lang) -> Option<&'static str> {
    Some(match (understanding.intent, lang) {
        (Intent::Refine(Refinement::Cheaper), Lang::Zh) => "符合要求的里面没有比它更便宜的了。可以放宽一下条件，我再找找。",
        (Intent::Refine(Refinement::Cheaper), Lang::En) => {
            "Among those that fit, nothing costs less. Loosen a condition and I will look again."
        }
        (Intent::Refine(Refinement::Dearer), Lang::Zh) => "符合要求的里面没有价位更高的了。",
        (Intent::Refine(Refinement::Dearer), Lang::En) => "Among those that fit, nothing costs more.",
        (Intent::Refine(Refinement::More), Lang::Zh) => "符合要求的都在上面了。可以放宽一下条件，或者换个说法，我再找找。",
        (Intent::Refine(Refinement::More), Lang::En) => {
            "Those are all that fit. Loosen a condition or tell me more about what you need, and I will look again."
        }
        _ => return None,
    })
}

/// A photo came with words.
pub fn photo_unseen(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "照片收到了，但这里现在看不了图，先按您说的话来找。",
        Lang::En => "Thank you for the photo. Pictures cannot be looked at here right now, so I go by your words.",
    }
}

pub fn out_of_scope(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "这个我帮不上忙，我只熟悉这家店的商品和服务。想买点什么可以直接告诉我。",
        Lang::En => "I cannot help with that; I only know this shop's products and services. Tell me if you are looking for something.",
    }
}

pub fn cannot_hear(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "抱歉，这里现在听不了语音，请打字告诉我。",
        Lang::En => "Sorry, voice messages cannot be heard here right now. Please type your message.",
    }
}

pub fn nothing_heard(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "没有听到说话。请靠近麦克风再说一次，或者直接打字。",
        Lang::En => "I did not hear anything. Please try again closer to the microphone, or type your message.",
    }
}

pub fn kind_words(intent: Intent, lang: Lang) -> &'static str {
    match (intent, lang) {
        (Intent::Greeting, Lang::Zh) => "您好！想找点什么？告诉我用途、预算或者送给谁，我帮您挑。",
        (Intent::Greeting, Lang::En) => {
            "Hello! What are you looking for? Tell me what it is for, your budget, or who it is for, and I will help you choose."
        }
        (Intent::Thanks, Lang::Zh) => "不客气！还需要什么随时告诉我。",
        (Intent::Thanks, Lang::En) => "You are welcome! Let me know if there is anything else.",
        (Intent::Goodbye, Lang::Zh) => "再见，祝您愉快！",
        (Intent::Goodbye, Lang::En) => "Goodbye, and have a nice day!",
        (Intent::Emergency, Lang::Zh) => "听起来情况紧急，请马上联系当地的急救或报警电话，或身边信任的人。您的安全最重要。",
        (Intent::Emergency, Lang::En) => {
            "This sounds urgent. Please call your local emergency number now, or reach out to someone you trust. Your safety comes first."
        }
        (Intent::SmallTalk, Lang::Zh) => "我是这家店的导购助手，是程序，不是真人。挑东西、比价格、问规定，都可以找我。",
        (Intent::SmallTalk, Lang::En) => {
            "I am this shop's assistant, a program and not a person. I can help you choose, compare, and tell you the shop's rules."
        }
        (Intent::Buy, Lang::Zh) => "点商品卡片打开它的页面，就能在那里下单。我在聊天里不能替您付款。",
        (Intent::Buy, Lang::En) => "Open the product's card: you order on its page. I cannot pay or place an order for you in this chat.",
        (_, Lang::Zh) => "抱歉让您不愉快了；告诉我哪里不对，我尽力帮您，或者说“转人工”，我告诉您怎么联系店里的人。",
        (_, Lang::En) => {
            "I am sorry this has been frustrating; tell me what went wrong, or say “a person” and I will tell you how to reach the shop's people."
        }
    }
}

pub fn sorry(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "很抱歉给您添了麻烦。我在这里还看不到订单，请联系店里的人处理，规定是这样写的：",
        Lang::En => {
            "I am sorry about the trouble. I cannot look into orders from this chat yet; please contact the shop's staff. The rule is:"
        }
    }
}

/// What this shop's assistant cannot do for an order yet, said plainly.
pub fn no_orders_yet(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "我在这里还看不到订单，也不能替您修改、取消或退款，请联系店里的客服办理：",
        Lang::En => "I cannot look into orders from this chat yet, nor change, cancel or refund them; please contact the shop's staff:",
    }
}

/// What answers here.
pub fn program(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "我是店里的导购程序，不是真人。要找真人，我可以转给同事。",
        Lang::En => "I am the shop's assistant, a program and no person. If you would like a person, I can pass you on.",
    }
}

pub fn a_person(lang: Lang) -> Choice {
    let label = match lang {
        Lang::Zh => "转人工",
        Lang::En => "Talk to a person",
    };
    Choice { label: label.to_owned(), value: label.to_owned() }
}

/// The shop's own order system does not answer.
pub fn orders_away(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "店里的订单系统现在连不上，我没有办理任何更改。请过几分钟再确认一次。",
        Lang::En => {
            "The shop's order system cannot be reached right now, so I have changed nothing. Please confirm again in a few minutes."
        }
    }
}

pub fn policy_unknown(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "这一点店里的规定没有写，我不想乱说，请向店里的工作人员确认。",
        Lang::En => "The shop's rules do not say, and I do not want to guess. Please check with the shop's staff.",
    }
}

/// "The third one" where fewer are shown.
pub fn no_such_position(shown: usize, lang: Lang) -> String {
    match (lang, shown) {
        (Lang::Zh, n) => format!("刚才只列出了 {n} 款，您指的是哪一款？"),
        (Lang::En, 1) => "Only one product is on the list. Which one do you mean?".to_owned(),
        (Lang::En, n) => format!("Only {n} products are on the list. Which one do you mean?"),
    }
}

/// A question that the product's page leaves open.
pub fn page_does_not_say(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "这一点商品页没有写，我不想乱说。",
        Lang::En => "The product's page does not say, and I do not want to guess.",
    }
}

pub fn none_of_these(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "这几款的商品页都没有写明可以，我不想乱说。",
        Lang::En => "None of their pages says so, and I do not want to guess.",
    }
}

pub fn which_product(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "您问的是哪一款？请说商品名称，或者“第几个”。",
        Lang::En => "Which product do you mean? Please give its name, or say “the second one”.",
    }
}

pub fn need_two(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "要比较的话，先告诉我您想找什么，我列出几款再对比。",
        Lang::En => "To compare, first tell me what you are looking for, and I will put a few side by side.",
    }
}

/// The departments of the shop, and a question which it is to be.
pub fn sold_here(departments: &[String], lang: Lang) -> String {
    let (last, others) = departments.split_last().map_or(("", &[][..]), |(last, others)| (last.as_str(), others));
    match lang {
        Lang::Zh => format!("本店卖{}和{last}。您想看哪一类？", others.join("、")),
        Lang::En => format!("This shop sells {} and {last}. What are you after?", others.join(", ")),
    }
}

pub fn ways_on(lang: Lang) -> Vec<Choice> {
    let ways = match lang {
        Lang::Zh => [("有什么热销的", "有什么热销的"), ("退货规定", "退货期限是几天？"), ("配送时间", "标准配送的费用与时效是多少？")],
        Lang::En => [
            ("What is popular?", "What is popular?"),
            ("Return policy", "What is the return period?"),
            ("Delivery times", "What is the standard delivery fee and time?"),
        ],
    };
    ways.map(|(label, value)| Choice { label: label.to_owned(), value: value.to_owned() }).into()
}

/// Quick replies after a result, from what can still be narrowed.
pub fn refinements(found: &Retrieved, lang: Lang) -> Vec<Choice> {
    let several = found.hits.len() > 1;
    let stocked = found.hits.iter().all(|h| h.item.in_stock());
    let mut labels: Vec<&str> = Vec::new();
    match lang {
        Lang::Zh => {
            labels.extend(several.then_some("便宜一点的"));
            labels.extend(several.then_some("比较前两款"));
            labels.extend((!stocked).then_some("只看有货的"));
            labels.push("第一款详细介绍");
        }
        Lang::En => {
            labels.extend(several.then_some("Something cheaper"));
            labels.extend(several.then_some("Compare the first two"));
            labels.extend((!stocked).then_some("Only in stock"));
            labels.push("Tell me more about the first one");
        }
    }
    choices(&labels)
}

fn choices(labels: &[&str]) -> Vec<Choice> {
    labels.iter().map(|l| Choice { label: (*l).to_owned(), value: (*l).to_owned() }).collect()
}
