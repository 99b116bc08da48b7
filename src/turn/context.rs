//! What the words alone do not tell: the product on the page, the products on the screen, and what a shop is usually asked.

use super::Turn;
use super::understand::{Intent, Reference, Sort, lexicon};
use crate::catalog::leaf;

const COMPARES: &[&str] = &["比较", "对比", "比一比", "compare"];
const SIMILAR: &[&str] = &["类似", "同类", "相似", "similar", "alternative"];
const POINTS: &[&str] = &["它", "这款", "这个", "这件", "这双", " it ", " its ", "this one", "this product"];
const ACKNOWLEDGES: &[&str] = &[
    "好",
    "好的",
    "嗯",
    "嗯嗯",
    "知道了",
    "明白了",
    "不用了",
    "不需要了",
    "ok",
    "okay",
    "i see",
    "got it",
    "no thanks",
    "no, thanks",
    "never mind",
];
const POPULAR: &[&str] = &["热销", "热门", "畅销", "受欢迎", "popular", "best sell", "bestsell", "best-sell"];
const SERVICE: &[&str] = &[
    "配送",
    "送货",
    "运费",
    "包邮",
    "发货",
    "退货",
    "退换",
    "换货",
    "退款",
    "保修",
    "发票",
    "积分",
    "delivery",
    "deliver",
    "shipping",
    "returns",
    "return policy",
    "refund",
    "exchange policy",
    "warranty",
    "invoice",
];

impl Turn<'_> {
    /// Settles what the message means here, before it is answered.
    pub(super) fn read_in_context(&mut self) {
        let bare = self.ask.text.trim().trim_end_matches(['。', '.', '!', '！', '~']).to_lowercase();
        if ACKNOWLEDGES.contains(&bare.as_str()) {
            self.understanding.intent = Intent::Thanks;
            return;
        }
        let text = format!(" {} ", self.ask.text.to_lowercase().replace(['?', '？', ',', '.', '!'], " "));
        let says = |list: &[&str]| list.iter().any(|w| text.contains(w));
        let names_kind = lexicon::expansions(&self.understanding.terms).iter().any(|e| e.kind);
        let several = matches!(self.understanding.reference, Some(Reference::First(_) | Reference::Ordinals(_) | Reference::These));
        if says(COMPARES) && several {
            self.understanding.intent = Intent::Compare;
        } else if !names_kind && self.understanding.intent == Intent::Find && says(SERVICE) {
            self.understanding.intent = Intent::Policy;
        } else if !names_kind && (says(POPULAR) || self.understanding.intent == Intent::Recommend) {
            self.understanding.intent = Intent::Find;
            self.understanding.terms = String::new();
            self.understanding.sort = Some(Sort::BestRated);
        } else if !names_kind && (says(SIMILAR) || (says(COMPARES) && says(POINTS))) && self.look_for_its_kind() {
            self.understanding.intent = Intent::Find;
        } else if !names_kind
            && self.ask.page.is_some()
            && says(POINTS)
            && matches!(self.understanding.intent, Intent::Find | Intent::Compare)
        {
            self.understanding.intent = Intent::Detail;
            self.understanding.terms = String::new();
        }
    }

    /// Makes the narrowest category of the product that is meant the need. False when none is meant.
    fn look_for_its_kind(&mut self) -> bool {
        let shelf = self.rooms.search.shelf();
        let meant = self.ask.page.as_ref().or(self.memory.shown.first()).and_then(|id| shelf.get(id));
        let Some(item) = meant else { return false };
        let path = item.category(self.lang);
        let kind = leaf(path).to_owned();
        if kind.is_empty() {
            return false;
        }
        if self.understanding.wants_cheaper() {
            self.understanding.filters.price_max = item.minor.map(|p| p - 1);
        }
        self.understanding.terms = kind;
        self.understanding.reference = None;
        true
    }
}
