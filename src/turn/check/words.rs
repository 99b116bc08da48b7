//! Words that carry a claim: features and materials, promises and superlatives, names. Pure.

use super::Objection;
use crate::catalog::Lang;
use crate::turn::ground::Grounding;
use crate::turn::understand::lexicon;

pub const IN_STOCK: &[&str] = &["in stock", "available now", "ready to ship", "现货", "有货", "库存充足", "库存"];
pub const SOLD_OUT: &[&str] = &["out of stock", "sold out", "unavailable", "缺货", "没货", "售罄", "断货", "无货"];
pub const LEAKS: &[&str] = &[
    "as an ai",
    "language model",
    "instruction",
    "evidence",
    "system prompt",
    "作为一个ai",
    "人工智能",
    "语言模型",
    "提示词",
    "资料显示",
    "according to the",
];

/// Materials and features; each must be known of a product (in any of its spellings) and not be denied there.
const FEATURES: &[&[&str]] = &[
    &["waterproof", "防水"],
    &["quiet", "silent", "noiseless", "安静", "静音"],
    &["easy to clean", "easy to scrub", "easy to use and clean", "易清洗", "好清洗", "容易清洗"],
    &["easy to use", "好上手", "容易上手"],
    &["beginner", "beginners", "新手", "初学者"],
    &["comfortable", "舒适"],
    &["durable", "耐用"],
    &["water-resistant", "water resistant", "防泼水", "拒水"],
    &["windproof", "防风"],
    &["non-slip", "slip-resistant", "anti-slip", "防滑", "grip"],
    &["breathable", "透气"],
    &["insulated", "保温"],
    &["wireless", "无线"],
    &["bluetooth", "蓝牙"],
    &["noise-cancelling", "noise cancelling", "noise-canceling", "降噪"],
    &["rechargeable", "可充电"],
    &["fast charging", "fast-charging", "快充"],
    &["machine washable", "machine-washable", "机洗"],
    &["dishwasher", "洗碗机"],
    &["microwave", "微波"],
    &["foldable", "folds", "可折叠", "折叠"],
    &["packable", "packs", "收纳"],
    &["organic", "有机"],
    &["vegan", "纯素"],
    &["gluten-free", "gluten free", "无麸质"],
    &["hypoallergenic", "防过敏", "低敏"],
    &["scratch-resistant", "耐刮", "防刮"],
    &["shockproof", "shock-absorbing", "减震", "防震"],
    &["uv", "防晒"],
    &["leather", "皮革", "真皮", "牛皮"],
    &["suede", "绒面"],
    &["cotton", "纯棉", "棉"],
    &["wool", "羊毛"],
    &["merino", "美利奴"],
    &["silk", "真丝", "丝绸"],
    &["linen", "亚麻"],
    &["cashmere", "羊绒"],
    &["nylon", "尼龙"],
    &["polyester", "涤纶", "聚酯"],
    &["gore-tex"],
    &["down", "羽绒"],
    &["stainless", "不锈钢"],
    &["titanium", "钛"],
    &["aluminium", "aluminum", "铝"],
    &["carbon", "碳"],
    &["bamboo", "竹"],
    &["oak", "橡木"],
    &["walnut", "胡桃木"],
    &["ceramic", "陶瓷"],
    &["glass", "玻璃"],
    &["silicone", "硅胶"],
    &["rubber", "橡胶"],
    &["latex", "乳胶"],
    &["mesh", "网布", "网面"],
    &["plastic", "塑料"],
    &["lightweight", "轻便", "轻量", "轻巧"],
];

/// Promises, superlatives and terms of sale: only what the catalogue says itself may be repeated.
const PROMISES: &[&str] = &[
    "healthy",
    "healthier",
    "cures",
    "heals",
    "健康",
    "治疗",
    "治愈",
    "疗效",
    "cheapest",
    "lowest price",
    "best price",
    "best-selling",
    "bestseller",
    "best seller",
    "number one",
    "no. 1",
    "most popular",
    "guarantee",
    "warranty",
    "refund",
    "return it",
    "returns",
    "free shipping",
    "free delivery",
    "shipping",
    "delivery",
    "deliver",
    "discount",
    " off ",
    "% off",
    "on sale",
    "promotion",
    "coupon",
    "gift card",
    "we will",
    "we'll",
    "i will",
    "i'll",
    "i promise",
    "certified",
    "award",
    "clinically",
    "cure",
    "heals",
    "medical",
    "lifetime",
    "forever",
    "100%",
    "half price",
    "half the price",
    "buy one",
    "the only",
    "perfect for everyone",
    "best on the market",
    "never",
    "最便宜",
    "最低价",
    "最畅销",
    "销量第一",
    "全网",
    "第一名",
    "保证",
    "保修",
    "质保",
    "退款",
    "退货",
    "退换",
    "包邮",
    "免运费",
    "运费",
    "送货",
    "配送",
    "发货",
    "到货",
    "折扣",
    "打折",
    "优惠",
    "促销",
    "特价",
    "半价",
    "赠品",
    "赠送",
    "我们会",
    "我会",
    "承诺",
    "认证",
    "获奖",
    "治疗",
    "疗效",
    "医用",
    "终身",
    "永久",
    "唯一",
    "永不",
    "绝对",
    "性价比最高",
    "最好的",
    "最受欢迎",
    "爆款",
    "热销",
];

pub fn features(text: &str, grounding: &Grounding, known: &str) -> Result<(), Objection> {
    let lower = text.to_lowercase();
    for spellings in FEATURES {
        let Some(word) = spellings.iter().find(|w| contains_word(&lower, w)) else { continue };
        let denied = grounding.products.iter().any(|f| {
            f.details.iter().any(|(name, value)| {
                let value = value.to_lowercase();
                let no = ["no", "none", "not", "否", "无", "不"].iter().any(|n| value.starts_with(n));
                no && spellings.iter().any(|w| name.to_lowercase().contains(w))
            })
        });
        if denied || !spellings.iter().any(|w| contains_word(known, w)) && !known_by_synonym(word, known) {
            return Err(Objection::Feature((*word).to_owned()));
        }
    }
    Ok(())
}

/// Words of the prompts' example: said of another product they are parroted.
const EXAMPLE: &[&str] = &["kettle", "mokko calm", "水壶", "烧开"];

/// Denials, doubts and comparisons. "不锈钢" and "not only" deny nothing.
const JUDGEMENTS: &[&str] = &[
    " not ",
    "n't ",
    "without",
    " lack",
    " less ",
    " than ",
    " worse",
    " fewer",
    "however",
    "unfortunately",
    "might ",
    " may ",
    " could be",
    "compared",
    "the shopper",
    "the customer",
    "shopper's",
    "顾客",
    "客户",
    "用户",
    "没有",
    "不够",
    "不足",
    "不能",
    "不适合",
    "不太",
    "不如",
    "可能",
    "也许",
    "缺点",
    "缺少",
    "缺乏",
    "相比",
    "不过",
    "但是",
    "虽然",
    "然而",
    "更",
    "比其",
    "比别",
    "比它",
    "比这",
    "比那",
    "比一般",
    "比同",
    "比任",
    "最后",
    "last one",
    "last ones",
    " are left",
    " is left",
    "另一款",
    "其他款",
    "唯一",
];

pub fn judgements(text: &str, known: &str) -> Result<(), Objection> {
    let lower = format!(" {} ", text.to_lowercase());
    if let Some(word) = EXAMPLE.iter().find(|w| lower.contains(**w) && !known.contains(**w)) {
        return Err(Objection::Judgement((*word).to_owned()));
    }
    // "下坡更稳" is the shop's own word when the product's line has it whole.
    let quoted =
        |word: &str| lower.split(['，', '。', '；', '、', ',', ';']).filter(|c| c.contains(word)).all(|c| known.contains(c.trim()));
    let own = |word: &str| (known.contains(word.trim()) && word.trim().chars().count() > 3) || quoted(word);
    match JUDGEMENTS.iter().find(|w| lower.contains(**w) && !own(w)) {
        Some(word) => Err(Objection::Judgement(word.trim().to_owned())),
        None => Ok(()),
    }
}

/// Whom a thing is safe for, no model says, whatever the catalogue has.
const SAFETY: &[&str] = &["allerg", "intoleran", "过敏", "不耐受"];

pub fn promises(text: &str, known: &str) -> Result<(), Objection> {
    let lower = format!("{} ", text.to_lowercase());
    if let Some(word) = SAFETY.iter().find(|w| lower.contains(**w)) {
        return Err(Objection::Promise((*word).to_owned()));
    }
    match PROMISES.iter().find(|w| lower.contains(**w) && !known.contains(**w)) {
        Some(word) => Err(Objection::Promise((*word).trim().to_owned())),
        None => Ok(()),
    }
}

/// Capitalised words inside an English sentence and Latin words inside a Chinese one are names; unknown names are invented.
pub fn names(text: &str, lang: Lang, known: &str) -> Result<(), Objection> {
    let mut sentence_begins = true;
    for word in text.split_whitespace().flat_map(|w| w.split(['-', '/', '，', '。', '、', '“', '”'])) {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
        let first = sentence_begins;
        sentence_begins = word.ends_with(['.', '!', '?', ':']);
        if bare.len() < 2 || !bare.chars().all(|c| c.is_ascii_alphanumeric()) {
            continue;
        }
        let capital = bare.starts_with(|c: char| c.is_ascii_uppercase());
        let named = match lang {
            Lang::En => capital && !first && !bare.starts_with("I'"),
            Lang::Zh => bare.chars().any(|c| c.is_ascii_alphabetic()),
        };
        if named && !known.contains(&bare.to_lowercase()) {
            return Err(Objection::Name(bare.to_owned()));
        }
    }
    Ok(())
}

fn known_by_synonym(word: &str, known: &str) -> bool {
    lexicon::expansions(word).iter().flat_map(|e| e.alternatives.iter()).any(|a| contains_word(known, &a.to_lowercase()))
}

/// English words end at letters, Chinese ones anywhere.
fn contains_word(text: &str, word: &str) -> bool {
    if !word.is_ascii() {
        return text.contains(word);
    }
    text.match_indices(word).any(|(at, found)| {
        let before = text[..at].chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric());
        let rest = text[at + found.len()..].trim_start_matches('s');
        before && !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
    })
}
