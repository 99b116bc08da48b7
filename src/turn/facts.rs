//! Grounded values in, sentences of fact out, written by templates in both languages. Each states its claims.

use super::ground::{Fact, Grounding};
use super::loosen::Constraint;
use super::retrieve::Retrieved;
use super::understand::{allergen_name, color_name, material_name};
use super::{Card, Claim, Sentence, say};
use crate::catalog::{Lang, Money};
use crate::search::measure;

/// What was found, and if a constraint had to give, which one; what was left out for an allergy told just now.
pub fn about_results(found: &Retrieved, cards: &[Card], told: &[String], lang: Lang) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = left_out(told, lang).map(Sentence::plain).into_iter().collect();
    let Some(first) = cards.first() else {
        let words = match found {
            Retrieved { unstated: true, .. } => say::none_of_these(lang),
            Retrieved { unclear: true, .. } => unclear(lang),
            _ => nothing(lang),
        };
        sentences.insert(0, Sentence::plain(words));
        return sentences;
    };
    if !found.sold {
        sentences.push(Sentence::plain(not_sold(lang)));
    }
    if found.by_meaning && found.sold {
        sentences.push(Sentence::plain(by_meaning(lang)));
    }
    if let Some(constraint) = found.relaxed {
        sentences.push(blame(constraint, found, lang));
    }
    sentences.push(lead(first, cards.len(), found.relaxed.is_some() || !found.sold, lang));
    sentences
}

/// No rate of exchange is known here.
pub fn other_currency(shop: &str, lang: Lang) -> Sentence {
    Sentence::plain(match lang {
        Lang::Zh => format!("店里的价格都是 {shop}；汇率我换算不了，您说的金额先当作 {shop} 来找。"),
        Lang::En => format!("Prices here are in {shop}. I cannot convert currencies, so I took your amount to be in {shop}."),
    })
}

fn nothing(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "抱歉，店里没有找到符合的商品。换个说法，或者放宽一点条件，我再帮您找。",
        Lang::En => "Sorry, I could not find anything like that in this shop. Try other words, or loosen the request a little.",
    }
}

fn unclear(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "不好意思，我没太明白，店里也没有对得上的。您想找哪类东西，或者想问订单、配送、退换？",
        Lang::En => {
            "Sorry, I did not quite get that, and nothing in the shop matches. What kind of thing are you after, or is it about an order, delivery or returns?"
        }
    }
}

/// No catalogue knows as much as the label.
fn left_out(allergies: &[String], lang: Lang) -> Option<String> {
    let names = several(allergies.iter().map(|a| allergen_name(a, lang)), lang);
    (!names.is_empty()).then(|| match lang {
        Lang::Zh => format!("写明含{names}的商品已经排除；过敏请务必再看一遍包装上的配料。"),
        Lang::En => format!("Products that mention {names} are left out; with an allergy, please read the label as well."),
    })
}

fn not_sold(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "这个店里好像没有卖，最接近的是下面这些。",
        Lang::En => "We do not seem to sell that; these are the nearest things we have.",
    }
}

fn by_meaning(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "商品页没有直接写到这一点；意思最接近的排在前面。",
        Lang::En => "No page says that in so many words; what comes nearest in meaning is first.",
    }
}

/// Which constraint left nothing, and the nearest there is instead, from the products found without it.
fn blame(constraint: Constraint, found: &Retrieved, lang: Lang) -> Sentence {
    match constraint {
        Constraint::Price => return other_price(found, lang),
        Constraint::Measure => return other_measure(found, lang),
        _ => {}
    }
    let others = match constraint {
        Constraint::Color => several(found.hits.iter().flat_map(|h| &h.item.colors).map(|c| color_name(c, lang)), lang),
        Constraint::Size => found.sizes.join(if lang == Lang::Zh { "、" } else { ", " }),
        Constraint::Material => several(found.hits.iter().filter_map(|h| h.item.materials.1.first()).map(|m| material_name(m, lang)), lang),
        _ => String::new(),
    };
    Sentence::plain(match (lang, constraint, others.is_empty()) {
        (Lang::Zh, Constraint::Color, false) => format!("没有您要的颜色，有{others}的。"),
        (Lang::En, Constraint::Color, false) => format!("Not in that colour; there is {others}."),
        (Lang::Zh, Constraint::Color, true) => "没有您要的颜色，其他颜色有这些。".to_owned(),
        (Lang::En, Constraint::Color, true) => "Not in that colour; these come in others.".to_owned(),
        (Lang::Zh, Constraint::Size, false) => format!("没有您要的尺码，这些有 {others}。"),
        (Lang::En, Constraint::Size, false) => format!("Not in that size; these come in {others}."),
        (Lang::Zh, Constraint::Size, true) => "没有您要的尺码，其他尺码有这些。".to_owned(),
        (Lang::En, Constraint::Size, true) => "Not in that size; these come in others.".to_owned(),
        (Lang::Zh, Constraint::Material, false) => format!("没有您要的材质，有{others}的。"),
        (Lang::En, Constraint::Material, false) => format!("Not in that material; there is {others}."),
        (Lang::Zh, Constraint::Material, true) => "没有您要的材质，其他材质有这些。".to_owned(),
        (Lang::En, Constraint::Material, true) => "Not in that material; these are made of others.".to_owned(),
        (Lang::Zh, Constraint::Brand, _) => "这个牌子没有合适的，其他牌子有这些。".to_owned(),
        (Lang::En, Constraint::Brand, _) => "Nothing suitable from that brand; these are from others.".to_owned(),
        (Lang::Zh, Constraint::Gender, _) => "没有专门为这位设计的款式，这些可以参考。".to_owned(),
        (Lang::En, Constraint::Gender, _) => "Nothing made especially for them, but these may do.".to_owned(),
        (Lang::Zh, Constraint::Stock, _) => "符合的目前都没有现货。".to_owned(),
        (Lang::En, Constraint::Stock, _) => "Everything that fits is out of stock at the moment.".to_owned(),
        (Lang::Zh, Constraint::Sale, _) => "这类目前没有打折的，下面是平常的价格。".to_owned(),
        (Lang::En, Constraint::Sale, _) => "None of these is reduced at the moment; they are at their usual price.".to_owned(),
        (Lang::Zh, Constraint::Excluded, _) => "把您不要的排除后就没有了，下面这些请留意。".to_owned(),
        (Lang::En, Constraint::Excluded, _) => "With that ruled out nothing is left; please note what these are.".to_owned(),
        (Lang::Zh, ..) => "没有一款能同时满足所有要求，最接近的是这些。".to_owned(),
        (Lang::En, ..) => "Nothing meets all of that at once; these come nearest.".to_owned(),
    })
}

fn other_price(found: &Retrieved, lang: Lang) -> Sentence {
    let priced = found.hits.iter().filter_map(|hit| Some((hit, hit.item.price()?)));
    let too_dear = found.filters.price_max.is_some();
    if let Some(about) = found.filters.price_about
        && let Some((hit, price)) = priced.clone().min_by_key(|(_, price)| (price.minor - about).abs())
    {
        let price = price.display();
        let text = match lang {
            Lang::Zh => format!("这个价位没有合适的；价格最接近的是 {price} 的 {}。", hit.item.title(lang)),
            Lang::En => format!("Nothing suitable around that price; the nearest is {} at {price}.", hit.item.title(lang)),
        };
        return Sentence { text, claims: vec![claim(&price, &hit.item.id, "price", &price, hit.item.revision)] };
    }
    if let (Some(least), Some(most)) = (found.filters.price_min, found.filters.price_max)
        && let Some((hit, price)) = priced.clone().min_by_key(|(_, price)| (least - price.minor).max(price.minor - most))
    {
        let price = price.display();
        let text = match lang {
            Lang::Zh => format!("这个价位没有合适的；价格最接近的是 {price} 的 {}。", hit.item.title(lang)),
            Lang::En => format!("Nothing suitable in that price range; the nearest is {} at {price}.", hit.item.title(lang)),
        };
        return Sentence { text, claims: vec![claim(&price, &hit.item.id, "price", &price, hit.item.revision)] };
    }
    let best = if too_dear { priced.min_by_key(|(_, price)| price.minor) } else { priced.max_by_key(|(_, price)| price.minor) };
    let Some((hit, price)) = best else {
        return Sentence::plain(match lang {
            Lang::Zh => "符合的都没有标价。",
            Lang::En => "None of these states a price.",
        });
    };
    let price = price.display();
    let mut sentence = Sentence::plain(match (lang, too_dear) {
        (Lang::Zh, true) => format!("这个价位没有合适的；同类里最便宜的是 {price}。"),
        (Lang::En, true) => format!("Nothing suitable in that price range; the cheapest of this kind is {price}."),
        (Lang::Zh, false) => format!("这个价位没有合适的；同类里最贵的是 {price}。"),
        (Lang::En, false) => format!("Nothing suitable in that price range; the dearest of this kind is {price}."),
    });
    sentence.claims.push(claim(&price, &hit.item.id, "price", &price, hit.item.revision));
    sentence
}

fn other_measure(found: &Retrieved, lang: Lang) -> Sentence {
    let limits = found.filters.quantities.iter();
    let nearest = limits.filter_map(|wanted| {
        let own = found.hits.iter().flat_map(|hit| hit.item.measures.iter().map(move |m| (hit, m)));
        let measure = measure::nearest(own.clone().map(|(_, m)| m), wanted)?;
        own.into_iter().find(|(_, m)| std::ptr::eq(*m, measure))
    });
    let Some((hit, measure)) = nearest.into_iter().next() else {
        return Sentence::plain(match lang {
            Lang::Zh => "没有标明这个规格的，下面这些最接近。",
            Lang::En => "None states that measure; these come nearest.",
        });
    };
    let shown = measure::display(measure, lang);
    let mut sentence = Sentence::plain(match lang {
        Lang::Zh => format!("没有这个规格的；最接近的是 {}，{shown}。", hit.item.title(lang)),
        Lang::En => format!("None with that measure; the nearest is {}, {shown}.", hit.item.title(lang)),
    });
    sentence.claims.push(claim(&shown, &hit.item.id, "measure", &shown, hit.item.revision));
    sentence
}

/// Up to four different values as a list.
fn several<'a>(values: impl Iterator<Item = &'a str>, lang: Lang) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for value in values.filter(|v| !v.is_empty()) {
        if kept.len() < 4 && !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept.join(if lang == Lang::Zh { "、" } else { ", " })
}

fn lead(first: &Card, count: usize, loosened: bool, lang: Lang) -> Sentence {
    let price = first.price.as_ref().map(Money::display);
    let stock = stock_words(first.availability, first.quantity, lang);
    let sold_out = first.availability == "out_of_stock";
    let named = match (&price, lang) {
        (Some(price), Lang::Zh) => format!("{}，{price}", first.title),
        (Some(price), Lang::En) => format!("{}, {price}", first.title),
        (None, _) => first.title.clone(),
    };
    let text = match (lang, count) {
        (Lang::Zh, _) if sold_out => format!("对得上的是 {named}，但{stock}。"),
        (Lang::En, _) if sold_out => format!("What matches is {named}, but it is {stock}."),
        (Lang::Zh, _) if loosened => format!("可以先看 {named}，{stock}。"),
        (Lang::En, _) if loosened => format!("Have a look at {named}, {stock}."),
        (Lang::Zh, 1) => format!("这款比较合适：{named}，{stock}。"),
        (Lang::En, 1) => format!("This one fits: {named}, {stock}."),
        (Lang::Zh, n) => format!("为您找到 {n} 款，最合适的是 {named}，{stock}。"),
        (Lang::En, n) => format!("Here are {n}; the best match is {named}, {stock}."),
    };
    let mut sentence = Sentence::plain(text);
    if let Some(price) = price {
        sentence.claims.push(claim(&price, &first.id, "price", &price, first.revision));
    }
    sentence.claims.push(claim(&stock, &first.id, "availability", first.availability, first.revision));
    sentence
}

/// What stands out about the best product, for when no model advises.
pub fn about_choice(grounding: &Grounding, lang: Lang) -> Vec<Sentence> {
    let Some(best) = grounding.products.first() else { return Vec::new() };
    let points = best.telling(&grounding.need, 3);
    if points.is_empty() {
        return Vec::new();
    }
    let text = match lang {
        Lang::Zh => format!("它的特点：{}。", points.iter().map(|p| p.trim_end_matches('。')).collect::<Vec<_>>().join("；")),
        Lang::En => format!("Worth knowing: {}.", points.iter().map(|p| p.trim_end_matches('.')).collect::<Vec<_>>().join("; ")),
    };
    let claims = points.iter().map(|p| claim(p, &best.id, "details", p, best.revision)).collect();
    vec![Sentence { text, claims }]
}

/// What comes nearest to a question on a page that does not answer it in its words.
pub fn nearest_on_page(fact: &Fact, line: &str, lang: Lang) -> Sentence {
    let said = line.trim_end_matches(['.', '。']);
    let text = match lang {
        Lang::Zh => format!("商品页上最接近的一句是：{said}。"),
        Lang::En => format!("The nearest its page says: {said}."),
    };
    Sentence { text, claims: vec![claim(line, &fact.id, "details", line, fact.revision)] }
}

/// What a page says to a question, in its own words.
pub fn from_page(fact: &Fact, lines: &[String], lang: Lang) -> Sentence {
    let end: &[char] = if lang == Lang::Zh { &['。', '.'] } else { &['.'] };
    let shown: Vec<&str> = lines.iter().map(|line| line.trim_end_matches(end)).collect();
    let text = match lang {
        Lang::Zh => format!("商品页上写着：{}。", shown.join("；")),
        Lang::En => format!("Its page says: {}.", shown.join("; ")),
    };
    let claims = shown.iter().map(|line| claim(line, &fact.id, "details", line, fact.revision)).collect();
    Sentence { text, claims }
}

/// Of one of several products what its page states, with its name.
pub fn of_one(fact: &Fact, lines: &[String], lang: Lang) -> Sentence {
    let said = from_page(fact, lines, lang);
    let lines = said.claims.iter().map(|claim| claim.text.as_str()).collect::<Vec<_>>();
    let text = match lang {
        Lang::Zh => format!("{}：{}。", fact.title, lines.join("；")),
        Lang::En => format!("{}: {}.", fact.title, lines.join("; ")),
    };
    Sentence { text, claims: said.claims }
}

/// Price and stock of one product, and the variants that can be had.
pub fn about_product(fact: &Fact, variants: &[String], lang: Lang) -> (Sentence, Option<Sentence>) {
    let stock = stock_words(fact.availability, fact.quantity, lang);
    let code = fact.availability;
    let mut claims = vec![claim(&stock, &fact.id, "availability", code, fact.revision)];
    let price = match (&fact.price, &fact.list_price, lang) {
        (Some(now), Some(usual), Lang::Zh) => format!("现价 {now}（原价 {usual}），"),
        (Some(now), Some(usual), Lang::En) => format!("costs {now} now (usually {usual}) and "),
        (Some(now), None, Lang::Zh) => format!("售价 {now}，"),
        (Some(now), None, Lang::En) => format!("costs {now} and "),
        (None, ..) => String::new(),
    };
    for (value, field) in [(&fact.price, "price"), (&fact.list_price, "list_price")] {
        claims.extend(value.as_ref().map(|v| claim(v, &fact.id, field, v, fact.revision)));
    }
    let text = match lang {
        Lang::Zh => format!("{}{}{price}{stock}。", fact.title, if price.is_empty() { "：" } else { "，" }),
        Lang::En => format!("{} {price}is {stock}.", fact.title),
    };
    let options = (variants.len() > 1).then(|| {
        let list = variants.join(if lang == Lang::Zh { "、" } else { ", " });
        let text = if lang == Lang::Zh { format!("现货规格：{list}。") } else { format!("In stock now: {list}.") };
        Sentence { text, claims: vec![claim(&list, &fact.id, "variants", &list, fact.revision)] }
    });
    (Sentence { text, claims }, options)
}

/// The variant asked for exists; when it is sold out, what else there is.
pub fn has_variant(card: &Card, others: &[String], lang: Lang) -> Sentence {
    let sold_out = card.availability == "out_of_stock";
    let list = if sold_out { others.join(if lang == Lang::Zh { "、" } else { ", " }) } else { String::new() };
    let stock = stock_words(card.availability, card.quantity, lang);
    let price = card.price.as_ref().map(Money::display).unwrap_or_default();
    let text = match lang {
        Lang::Zh if !list.is_empty() => format!("{}，{price}，{stock}；现货规格有：{list}。", card.title),
        Lang::En if !list.is_empty() => format!("{}, {price}, is {stock}; in stock now: {list}.", card.title),
        Lang::Zh if sold_out => format!("{}，{price}，{stock}。", card.title),
        Lang::En if sold_out => format!("{}, {price}, is {stock}.", card.title),
        Lang::Zh => format!("有的：{}，{price}，{stock}。", card.title),
        Lang::En => format!("Yes: {}, {price}, {stock}.", card.title),
    };
    let mut claims = vec![
        claim(&price, &card.id, "price", &price, card.revision),
        claim(&stock, &card.id, "availability", card.availability, card.revision),
    ];
    if !list.is_empty() {
        claims.push(claim(&list, &card.id, "variants", &list, card.revision));
    }
    Sentence { text, claims }
}

/// The variant asked for does not exist; these do.
pub fn no_variant(card: &Card, title: &str, options: &[String], lang: Lang) -> Sentence {
    let list = options.join(if lang == Lang::Zh { "、" } else { ", " });
    let text = match (lang, list.is_empty()) {
        (Lang::Zh, false) => format!("{title} 没有您要的这种；现货规格有：{list}。"),
        (Lang::Zh, true) => format!("{title} 没有您要的这种。"),
        (Lang::En, false) => format!("{title} does not come like that; in stock now: {list}."),
        (Lang::En, true) => format!("{title} does not come like that."),
    };
    Sentence { text, claims: vec![claim(&list, &card.id, "variants", &list, card.revision)] }
}

/// How many are left, when that is few enough to say.
pub fn low_stock(quantity: Option<i64>) -> Option<i64> {
    quantity.filter(|n| (1..=3).contains(n))
}

/// "in stock", "only 2 left", "out of stock", …
pub fn stock_words(availability: &str, quantity: Option<i64>, lang: Lang) -> String {
    match (lang, availability, low_stock(quantity)) {
        (Lang::Zh, "out_of_stock", _) => "暂时缺货".to_owned(),
        (Lang::En, "out_of_stock", _) => "out of stock".to_owned(),
        (Lang::Zh, "preorder", _) => "可以预订".to_owned(),
        (Lang::En, "preorder", _) => "available to pre-order".to_owned(),
        (Lang::Zh, "backorder", _) => "可以订货，稍后发出".to_owned(),
        (Lang::En, "backorder", _) => "on back order".to_owned(),
        (Lang::Zh, _, Some(n)) => format!("只剩 {n} 件"),
        (Lang::En, _, Some(n)) => format!("in stock, only {n} left"),
        (Lang::Zh, ..) => "有现货".to_owned(),
        (Lang::En, ..) => "in stock".to_owned(),
    }
}

pub fn claim(text: &str, product: &str, field: &str, value: &str, revision: i64) -> Claim {
    Claim {
        text: text.to_owned(),
        product: Some(product.to_owned()),
        policy: None,
        field: field.to_owned(),
        value: value.to_owned(),
        revision,
    }
}
