//! The retail world's swaps, said in several ways in English and in Chinese: how often the words are understood as the task means them.
//! It lies beside the project; where it does not, nothing is measured.

use super::goods::{GOODS, base};
use super::*;
use crate::aftersales::Deed;
use crate::aftersales::nouns::{Options, OrderItem};
use crate::errand::target::{Suiting, suiting};
use crate::eval::aftersales::World;
use crate::eval::aftersales::world::text;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// One swap: an item of an order, and what it becomes.
struct Swap<'w> {
    case: &'w Case,
    order: &'w str,
    item: &'w OrderItem,
    new: &'w str,
    changed: Options,
}

#[test]
fn swaps_of_the_retail_world_are_understood() {
    let Some(dir) = retail() else { return };
    let world = World::read(&dir).expect("the retail world is read");
    let lines = text(&dir.join("tasks.jsonl")).expect("its tasks are read");
    let swaps = swaps(&world, &lines);
    assert!(swaps.len() > 100, "{} swaps", swaps.len());
    let mut fell = Vec::new();
    for (lang, styles) in [("en", EN), ("zh", ZH)] {
        let (mut right, mut all, mut spent) = (0, 0, Duration::ZERO);
        let mut wrong: Vec<String> = Vec::new();
        for (number, swap) in swaps.iter().enumerate() {
            for (style, template) in styles.iter().enumerate() {
                let said = phrase(template, swap, lang, number + style);
                let began = Instant::now();
                let items = mentions(&said, swap.case, &[swap.order.to_owned()], &world.shelf, Some(Verb::Swap));
                spent += began.elapsed();
                all += 1;
                match understood(&items, swap, &world.shelf) {
                    Ok(()) => right += 1,
                    Err(why) => wrong.push(format!("{} {}: {said:?} of {:?}: {why}", swap.case.customer.id, swap.order, swap.item.options)),
                }
            }
        }
        let share = f64::from(right) / f64::from(all);
        println!("{lang}: {right} of {all} ({share:.3}), {:?} each", spent / all as u32);
        if std::env::var_os("SHOW").is_some() {
            wrong.iter().for_each(|w| println!("{w}"));
        }
        if share < 0.97 {
            fell.push(format!("{lang}: {share:.3}; {}", wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n")));
        }
    }
    assert!(fell.is_empty(), "{fell:?}");
}

fn retail() -> Option<PathBuf> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/retail-world");
    if !dir.is_dir() {
        println!("no ../shared/data/retail-world: nothing was measured");
    }
    dir.is_dir().then_some(dir)
}

/// {have} the title and {old} the values that change, {new} what they become.
const EN: &[&str] = &[
    "exchange the {have} for the {new} one",
    "I'd like to swap my {have} to {new} please",
    "change the {have} from {old} to {new}",
    "for the {have} I want {new} instead",
    "can you replace the {old} {have} with a {new} one? keep everything else the same",
    "i want the {have} in {new}",
    "{have} -> {new}",
    "the {have} should be {new}",
];

const ZH: &[&str] = &[
    "把{have}换成{new}的",
    "我想把{old}的{have}换成{new}",
    "{have}要{new}的那种",
    "{have}从{old}改成{new}",
    "帮我将{have}换为{new}，其他不变",
    "{have}想换{new}的",
    "我要 exchange 那个{have}，换成{new}",
];

fn phrase(template: &str, swap: &Swap, lang: &str, turn: usize) -> String {
    let zh = lang == "zh";
    let title = if zh { chinese_kind(&swap.item.title, turn) } else { swap.item.title.to_lowercase() };
    let of = |options: &Options, turn: usize| {
        let values: Vec<String> = options.iter().map(|(name, value)| spoken(name, value, zh, turn)).collect();
        values.join(if zh { "、" } else { [", ", " and ", " "][turn % 3] })
    };
    let old: Options = swap.changed.keys().map(|name| (name.clone(), swap.item.options[name].clone())).collect();
    template.replace("{have}", &title).replace("{old}", &of(&old, turn)).replace("{new}", &of(&swap.changed, turn + 1))
}

/// A value as people say it: alone, with the name of its choice where it would say nothing, in Chinese by one of the lexicon's words.
fn spoken(name: &str, value: &str, zh: bool, turn: usize) -> String {
    let shown = if zh { chinese_value(value, turn) } else { value.to_lowercase() };
    let name_zh = || GOODS_ZH.iter().find(|(en, _)| *en == name).map_or(name.to_owned(), |(_, zh)| (*zh).to_owned());
    let bare = matches!(value, "yes" | "no" | "none" | "high" | "low" | "medium" | "full" | "half" | "custom" | "light" | "dark")
        || value.parse::<u32>().is_ok()
        || name.contains(' ') && name.contains("color");
    match (zh, value) {
        (true, "yes") => name_zh(),
        (false, "yes") => name.to_owned(),
        (true, "no") => format!("不{}", name_zh()),
        (false, "no") => format!("not {name}"),
        (true, "none") => format!("无{}", name_zh()),
        (false, "none") => format!("no {name}"),
        (true, _) if bare => format!("{}{shown}", name_zh()),
        (false, _) if bare && name == "size" => format!("size {shown}"),
        (false, _) if bare => format!("{shown} {name}"),
        _ => shown,
    }
}

/// Names of choices as a Chinese shopper says them.
const GOODS_ZH: &[(&str, &str)] = &[
    ("waterproof", "防水"),
    ("water resistance", "防水"),
    ("brightness", "亮度"),
    ("ventilation", "通风"),
    ("backlight", "背光"),
    ("armrest", "扶手"),
    ("size", "尺码"),
    ("zipper", "拉链"),
    ("pieces", "片数"),
    ("frame color", "镜框"),
    ("lens color", "镜片"),
    ("dial color", "表盘"),
    ("room size", "房间"),
    ("skin tone", "肤色"),
    ("speed settings", "档位"),
    ("frame size", "车架"),
    ("kit size", "规格"),
    ("design", "设计"),
    ("connectivity", "连接"),
    ("features", "功能"),
];

fn chinese_kind(title: &str, turn: usize) -> String {
    let kinds = GOODS.kinds.get(title).unwrap_or_default();
    let names: Vec<&String> = kinds.iter().flat_map(|k| &GOODS.called[*k]).filter(|n| !n.is_ascii()).collect();
    names.get(turn % names.len().max(1)).map_or(title.to_owned(), |n| n.replace(' ', ""))
}

fn chinese_value(value: &str, turn: usize) -> String {
    if let Some(colour) = crate::turn::understand::base_color(value) {
        return crate::turn::understand::color_name(colour, crate::catalog::Lang::Zh).to_owned();
    }
    let units = [
        ("ml", "毫升"),
        ("inch", "英寸"),
        ("inches", "英寸"),
        ("ft", "英尺"),
        ("hours", "小时"),
        ("cups", "杯"),
        ("cup", "杯"),
        ("lbs", "磅"),
        ("degrees", "度"),
        ("piece", "件套"),
        ("liters", "升"),
        ("liter", "升"),
    ];
    let plain = value.replace('-', " ");
    let last = plain.split(' ').next_back().unwrap_or_default().to_owned();
    if let Some((unit, zh)) =
        units.iter().find(|(unit, _)| last == *unit || (last.ends_with(unit) && last.starts_with(|c: char| c.is_ascii_digit())))
    {
        return value.replace(&format!("-{unit}"), zh).replace(&format!(" {unit}"), zh).replace(unit, zh);
    }
    let words = ZH_WORDS.iter().filter(|(en, _)| *en == base(value)).map(|(_, zh)| *zh).collect::<Vec<_>>();
    words.get(turn % words.len().max(1)).map_or(value.to_owned(), |w| (*w).to_owned())
}

/// Values as people say them in Chinese, some in more ways than one.
const ZH_WORDS: &[(&str, &str)] = &[
    ("glass", "玻璃"),
    ("plastic", "塑料"),
    ("stainless steel", "不锈钢"),
    ("leather", "皮"),
    ("leather", "真皮"),
    ("mesh", "网布"),
    ("fabric", "布艺"),
    ("metal", "金属"),
    ("wood", "木质"),
    ("wood", "实木"),
    ("rubber", "橡胶"),
    ("natural rubber", "天然橡胶"),
    ("cotton", "纯棉"),
    ("polyester", "涤纶"),
    ("polyester", "聚酯纤维"),
    ("nylon", "尼龙"),
    ("silicone", "硅胶"),
    ("ceramic", "陶瓷"),
    ("small", "小号"),
    ("medium", "中号"),
    ("large", "大号"),
    ("high", "高"),
    ("low", "低"),
    ("clicky", "青轴"),
    ("linear", "红轴"),
    ("tactile", "茶轴"),
    ("wired", "有线"),
    ("wireless", "无线"),
    ("battery", "电池供电"),
    ("ac adapter", "插电"),
    ("drip", "滴漏式"),
    ("espresso", "意式"),
    ("french press", "法压"),
    ("automatic", "全自动"),
    ("manual", "手动"),
    ("capsule", "胶囊"),
    ("analog", "指针式"),
    ("digital", "电子"),
    ("polarized", "偏光"),
    ("non polarized", "非偏光"),
    ("mountain", "山地"),
    ("road", "公路"),
    ("gas", "燃气"),
    ("electric", "电"),
    ("induction", "电磁炉"),
    ("charcoal", "木炭"),
    ("canister", "桶式"),
    ("robotic", "机器人"),
    ("upright", "立式"),
    ("adjustable", "可调节"),
    ("fixed", "固定"),
    ("v neck", "V领"),
    ("crew neck", "圆领"),
    ("hard cover", "硬皮"),
    ("soft cover", "软皮"),
    ("hardshell", "硬壳"),
    ("softshell", "软壳"),
    ("in ear", "入耳式"),
    ("on ear", "贴耳式"),
    ("over ear", "头戴式"),
    ("timer", "定时"),
    ("auto shutoff", "自动断电"),
    ("built in grinder", "内置磨豆机"),
    ("full size", "全尺寸"),
    ("beginner", "新手"),
    ("expert", "专家级"),
    ("intermediate", "中级"),
    ("animal", "动物"),
    ("art", "艺术"),
    ("fantasy", "奇幻"),
    ("landscape", "风景"),
    ("custom", "定制"),
    ("plain", "素色"),
    ("graphic", "图案"),
    ("men", "男士"),
    ("women", "女士"),
    ("unisex", "中性"),
    ("fleece", "抓绒"),
    ("memory foam", "记忆棉"),
    ("iron", "铁"),
    ("urethane", "聚氨酯"),
    ("bamboo", "竹子"),
    ("maple", "枫木"),
    ("laser", "激光"),
    ("optical", "光学"),
    ("rechargeable", "可充电"),
    ("aa battery", "五号电池"),
    ("basic", "基础款"),
    ("professional", "专业版"),
    ("bagged", "有袋"),
    ("bagless", "无袋"),
    ("hepa filter", "HEPA滤网"),
    ("pet hair removal", "宠物毛发"),
    ("cordless", "无绳"),
    ("night mode", "夜间模式"),
    ("quiet operation", "静音"),
    ("smart sensor", "智能感应"),
    ("carbon", "活性炭"),
    ("ionic", "负离子"),
    ("fresh", "清新"),
    ("oriental", "东方调"),
    ("woody", "木质调"),
    ("synthetic", "合成革"),
    ("canvas", "帆布"),
    ("daylight", "日光"),
    ("warm white", "暖白"),
    ("laptop", "电脑"),
    ("hydration", "水袋"),
    ("camera", "相机"),
    ("half", "半"),
    ("full", "全"),
    ("not resistant", "不防水"),
    ("auto tilt", "自动倾斜"),
    ("manual tilt", "手动倾斜"),
    ("rotisserie", "旋转烤架"),
    ("side burner", "侧灶"),
    ("high back", "高背"),
    ("standard", "标准"),
    ("portable", "便携"),
    ("ethernet", "网线"),
    ("latex", "乳胶"),
    ("light", "浅"),
    ("dark", "深"),
    ("google assistant", "谷歌助手"),
    ("amazon alexa", "亚马逊Alexa"),
    ("apple homekit", "苹果HomeKit"),
];

fn understood(items: &Items, swap: &Swap, shelf: &Shelf) -> Result<(), String> {
    let [mention] = &items.items[..] else { return Err(format!("{items:?}")) };
    let order = swap.case.order(swap.order).expect("the task's order is the customer's");
    let fits: Vec<&str> = mention.fits.iter().map(|p| order.items[p.at].id.as_str()).collect();
    if fits != [swap.item.id.as_str()] {
        return Err(format!("is {fits:?}, of {:?}", mention.words));
    }
    let wishes = mention.into.as_ref().ok_or("nothing wished")?;
    match suiting(swap.item, wishes, shelf) {
        Suiting::One(id) if id == swap.new => Ok(()),
        other => Err(format!("wishes {wishes:?}, wants {:?}, suits {other:?}", swap.changed)),
    }
}

fn swaps<'w>(world: &'w World, lines: &str) -> Vec<Swap<'w>> {
    let mut swaps = Vec::new();
    for line in lines.lines() {
        let task: serde_json::Value = serde_json::from_str(line).expect("a task is JSON");
        for action in task["actions"].as_array().into_iter().flatten() {
            let (order_id, old, new) = match serde_json::from_value(action.clone()) {
                Ok(
                    Deed::ModifyItems { order_id, item_ids, new_item_ids, .. } | Deed::Exchange { order_id, item_ids, new_item_ids, .. },
                ) => (order_id, item_ids, new_item_ids),
                _ => continue,
            };
            let Some(case) = task["user_id"].as_str().and_then(|id| world.case(id)) else { continue };
            let Some(order) = case.orders.iter().find(|o| o.id == order_id) else { continue };
            for (old, new) in old.iter().zip(&new) {
                let (Some(item), Some(variant)) = (order.items.iter().find(|i| i.id == *old), world.shelf.get(new)) else { continue };
                let changed: Options = item.options_of(variant).into_iter().filter(|(name, v)| item.options.get(name) != Some(v)).collect();
                let twice = order.items.iter().filter(|i| i.item_group_id == item.item_group_id).count() > 1;
                if !changed.is_empty() && !twice {
                    swaps.push(Swap { case, order: &order.id, item, new: &variant.id, changed });
                }
            }
        }
    }
    swaps
}
