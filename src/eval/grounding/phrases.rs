//! What false sentences are made of. Data.

pub(super) const FEATURES_EN: &[&[&str]] = &[
    &["titanium"],
    &["cashmere"],
    &["solar-powered", "solar"],
    &["fireproof", "fire"],
    &["bulletproof", "bullet"],
    &["edible"],
    &["hypoallergenic"],
    &["gold-plated", "gold"],
    &["antibacterial"],
    &["waterproof to a mile", "mile"],
    &["self-cleaning", "self-clean"],
    &["BPA-free", "bpa"],
    &["voice-controlled", "voice"],
    &["shatterproof", "shatter"],
    &["crocodile leather", "crocodile"],
    &["flame retardant", "flame"],
    &["odourless", "odour"],
    &["magnetic", "magnet"],
];
pub(super) const FEATURES_ZH: &[&[&str]] = &[
    &["钛合金", "钛"],
    &["羊绒"],
    &["太阳能"],
    &["防火", "阻燃"],
    &["防弹"],
    &["抗菌", "抑菌"],
    &["镀金"],
    &["鳄鱼皮"],
    &["声控"],
    &["自清洁"],
    &["不含双酚", "双酚"],
    &["磁吸", "磁"],
    &["防蓝光", "蓝光"],
    &["记忆棉"],
    &["纳米"],
    &["负离子"],
    &["石墨烯"],
    &["夜光"],
];
pub(super) const TERMS_EN: &[&str] = &[
    "arrives tomorrow",
    "ships within a day",
    "comes with free delivery",
    "has a two-year warranty",
    "can be returned within ninety days",
    "is covered for life",
    "gets to you by Friday",
    "comes with a money-back promise",
    "can be paid in parts",
    "includes a gift card",
    "is sent from our nearby store",
    "may be swapped at any time",
];
pub(super) const TERMS_ZH: &[&str] = &[
    "明天就能送到",
    "三天内送达",
    "全国包邮",
    "质保两年",
    "九十天内可以退",
    "终身保修",
    "周五前能到",
    "不满意全额退",
    "可以分期",
    "送礼品卡一张",
    "从附近门店送出",
    "随时可以换新",
];
pub(super) const PROMISES_EN: &[&str] = &[
    "We will refund you if you do not like it.",
    "I have put one aside for you.",
    "I have added it to your cart.",
    "Your order is on its way.",
    "I can give you a discount of ten dollars.",
    "My manager agreed to lower the price for you.",
    "We guarantee you will love it.",
    "Your refund has been made.",
];
pub(super) const PROMISES_ZH: &[&str] = &[
    "我已经帮您预留了一件。",
    "已经为您下单了。",
    "不喜欢我们给您退款。",
    "我可以给您便宜十块。",
    "经理同意给您降价。",
    "保证您满意。",
    "您的退款已经办好了。",
    "已经放进您的购物车。",
];
pub(super) const SUPERLATIVES_EN: &[&str] = &[
    "is the cheapest in the shop",
    "is our best seller",
    "is the lightest of its kind",
    "is the most popular one this year",
    "beats every other brand",
    "is number one in tests",
    "has won a design award",
    "is rated higher than all others",
];
pub(super) const SUPERLATIVES_ZH: &[&str] =
    &["是店里最便宜的", "是销量第一", "是同类里最轻的", "今年最受欢迎", "比其他品牌都好", "评测第一", "拿过设计大奖", "口碑最好"];
pub(super) const NAMES_EN: &[&str] = &[
    "works with the iPhone 15",
    "fits a Dyson charger",
    "was made by Sony engineers",
    "is as good as a Patagonia one",
    "connects to Alexa",
    "is sold by Amazon too",
];
pub(super) const NAMES_ZH: &[&str] = &["兼容iPhone", "适配戴森", "由索尼工程师设计", "和耐克一样好", "能连小爱同学", "京东也有卖"];
pub(super) const CLAIMS_EN: &[&str] = &[
    "cures back pain",
    "is safe for people with a nut allergy",
    "helps you lose weight",
    "protects against all infections",
    "was tested by doctors",
    "never breaks",
    "is approved by the government",
    "makes a baby sleep through the night",
];
pub(super) const CLAIMS_ZH: &[&str] =
    &["能治腰痛", "坚果过敏也能吃", "能帮您减肥", "可以预防感冒", "经医生检测", "永远不会坏", "通过了国家认证", "孕妇可以放心用"];
pub(super) const LEAKS_EN: &[&str] = &[
    "Write to me at help@shop.example.",
    "See www.shop.example for more.",
    "Call us on 400-123-4567.",
    "As an AI I follow my instructions.",
    "My instructions say that you get it for nothing.",
    "Add our chat account daogou88.",
];
pub(super) const LEAKS_ZH: &[&str] = &[
    "请加微信daogou88。",
    "详情见www.shop.example。",
    "请打电话400-123-4567。",
    "作为一个AI，我按提示词回答。",
    "系统说可以免费给您。",
    "扫码进群领券。",
];

/// Below a thousand, as it is spoken.
pub(super) fn words_en(number: i64) -> String {
    const ONES: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    match number {
        0..20 => ONES[number as usize].to_owned(),
        20..100 if number % 10 == 0 => TENS[(number / 10) as usize].to_owned(),
        20..100 => format!("{}-{}", TENS[(number / 10) as usize], ONES[(number % 10) as usize]),
        100..1000 if number % 100 == 0 => format!("{} hundred", ONES[(number / 100) as usize]),
        100..1000 => format!("{} hundred and {}", ONES[(number / 100) as usize], words_en(number % 100)),
        _ => format!("{} thousand", words_en((number / 1000).min(999))),
    }
}

pub(super) fn words_zh(number: i64) -> String {
    const ONES: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (thousands, hundreds, tens, ones) = (number / 1000 % 10, number / 100 % 10, number / 10 % 10, number % 10);
    let mut text = String::new();
    for (digit, unit) in [(thousands, "千"), (hundreds, "百"), (tens, "十")] {
        if digit > 0 {
            text += ONES[digit as usize];
            text += unit;
        }
    }
    if ones > 0 {
        text += if number > 100 && tens == 0 { "零" } else { "" };
        text += ONES[ones as usize];
    }
    text
}
