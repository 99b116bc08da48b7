//! A state, a deed, a means of payment, an address, a time in; the words for it out.

use super::View;
use crate::aftersales::nouns::{Address, MethodKind, PaymentMethod, Status};
use crate::aftersales::policy::Arrival;
use crate::aftersales::{Kind, Order};
use crate::errand::Verb;
use crate::turn::Choice;

impl View<'_> {
    /// "is …": in one word.
    pub fn status(&self, status: Status) -> &'static str {
        match status {
            Status::Pending => self.by("待处理", "pending"),
            Status::ItemsModified => self.by("待处理（商品已改过）", "pending with its items changed"),
            Status::Processed => self.by("已处理", "processed"),
            Status::Delivered => self.by("已送达", "delivered"),
            Status::Cancelled => self.by("已取消", "cancelled"),
            Status::ReturnRequested => self.by("已申请退货", "awaiting a return"),
            Status::ExchangeRequested => self.by("已申请换货", "awaiting an exchange"),
        }
    }

    /// "you can …".
    pub fn deed(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Cancel => self.by("取消整单", "cancel the order"),
            Kind::ModifyAddress => self.by("改收货地址", "change the delivery address"),
            Kind::ModifyPayment => self.by("换付款方式", "change the payment method"),
            Kind::ModifyItems => self.by("把商品改成其他规格", "change items to another version"),
            Kind::Return => self.by("退货", "return items"),
            Kind::Exchange => self.by("换货", "exchange items for another version"),
            Kind::ModifyProfile => self.by("改默认地址", "change your default address"),
        }
    }

    /// The button that asks for it.
    pub fn wish(&self, kind: Kind, order: Option<&str>) -> Choice {
        let label = match kind {
            Kind::Cancel => self.by("取消订单", "Cancel the order"),
            Kind::ModifyAddress => self.by("改收货地址", "Change the address"),
            Kind::ModifyPayment => self.by("换付款方式", "Change the payment"),
            Kind::ModifyItems => self.by("改商品规格", "Change items"),
            Kind::Return => self.by("退货", "Return items"),
            Kind::Exchange => self.by("换货", "Exchange items"),
            Kind::ModifyProfile => self.by("改默认地址", "Change my default address"),
        };
        let Some(order) = order else {
            let deed = match kind {
                Kind::Cancel => "cancel an order",
                Kind::ModifyProfile => "change my default address",
                kind => self.deed(kind),
            };
            return self.choice(label, self.by(format!("我要{label}"), format!("I want to {deed}")));
        };
        let value = match kind {
            Kind::Cancel => self.by(format!("取消订单 {order}"), format!("Cancel order {order}")),
            Kind::ModifyAddress => self.by(format!("改订单 {order} 的收货地址"), format!("Change the delivery address of order {order}")),
            Kind::ModifyPayment => self.by(format!("换订单 {order} 的付款方式"), format!("Change the payment method of order {order}")),
            Kind::ModifyItems => self.by(format!("更换订单 {order} 的商品规格"), format!("Change the items of order {order}")),
            Kind::Return => self.by(format!("订单 {order} 我要退货"), format!("Return items of order {order}")),
            Kind::Exchange => self.by(format!("订单 {order} 我要换货"), format!("Exchange items of order {order}")),
            Kind::ModifyProfile => self.by("改我的默认地址".to_owned(), "Change my default address".to_owned()),
        };
        self.choice(label, value)
    }

    /// "the …", of what is being done.
    pub fn errand(&self, verb: Verb) -> &'static str {
        match verb {
            Verb::Cancel => self.by("取消订单", "the cancellation"),
            Verb::Return => self.by("退货", "the return"),
            Verb::Refund => self.by("退款", "the refund"),
            Verb::Swap => self.by("换规格", "the exchange"),
            Verb::Address => self.by("改地址", "the change of address"),
            Verb::Payment => self.by("换付款方式", "the change of payment"),
            Verb::Profile => self.by("改默认地址", "your default address"),
            Verb::Change => self.by("改订单", "the change of the order"),
        }
    }

    /// A means of payment of the customer, told from the others: "Visa ending in 9212", "gift card", "PayPal".
    pub fn method(&self, id: &str) -> String {
        let methods = self.case.map_or(&[][..], |case| &case.customer.payment_methods);
        let Some(method) = methods.iter().find(|m| m.id == id) else {
            return self.by("一种已不在您账户里的付款方式", "a payment method that is no longer in your account").to_owned();
        };
        let name = self.method_name(method);
        if methods.iter().filter(|m| self.method_name(m) == name).count() < 2 {
            return name;
        }
        let last: String = id.chars().skip(id.chars().count().saturating_sub(4)).collect();
        self.by(format!("{name}（编号尾号 {last}）"), format!("{name} (number ending in {last})"))
    }

    /// The same with what is on it.
    pub fn method_and_balance(&self, id: &str) -> String {
        let name = self.method(id);
        let method = self.case.and_then(|case| case.customer.method(id));
        match method.and_then(|m| m.balance.as_ref()).map(|b| b.display()) {
            Some(balance) => self.by(format!("{name}（余额 {balance}）"), format!("{name} (balance {balance})")),
            None => name,
        }
    }

    fn method_name(&self, method: &PaymentMethod) -> String {
        if method.kind != MethodKind::CreditCard {
            return self.method_kind(method.kind).to_owned();
        }
        let brand = method.brand.as_deref().map(|b| self.brand(b));
        match (brand, &method.last_four) {
            (Some(brand), Some(last)) => self.by(format!("尾号 {last} 的 {brand} 卡"), format!("{brand} ending in {last}")),
            (None, Some(last)) => self.by(format!("尾号 {last} 的信用卡"), format!("card ending in {last}")),
            (Some(brand), None) => self.by(format!("{brand} 卡"), format!("{brand} card")),
            (None, None) => self.method_kind(method.kind).to_owned(),
        }
    }

    pub fn method_kind(&self, kind: MethodKind) -> &'static str {
        match kind {
            MethodKind::CreditCard => self.by("信用卡", "credit card"),
            MethodKind::GiftCard => self.by("礼品卡", "gift card"),
            MethodKind::Paypal => "PayPal",
            MethodKind::Wechat => self.by("微信支付", "WeChat Pay"),
            MethodKind::Alipay => self.by("支付宝", "Alipay"),
        }
    }

    fn brand(&self, brand: &str) -> String {
        match brand.to_lowercase().as_str() {
            "visa" => "Visa".to_owned(),
            "mastercard" => "Mastercard".to_owned(),
            "amex" | "american express" => "American Express".to_owned(),
            "unionpay" => self.by("银联", "UnionPay").to_owned(),
            "jcb" => "JCB".to_owned(),
            _ => brand.to_owned(),
        }
    }

    pub fn methods<'i>(&self, ids: impl IntoIterator<Item = &'i String>) -> Vec<Choice> {
        let choice =
            |id: &String| self.choice(capital(&self.method_and_balance(id)), self.by(format!("用这个：{id}"), format!("via {id}")));
        ids.into_iter().map(choice).collect()
    }

    pub fn arrival(&self, arrival: Arrival) -> String {
        match arrival {
            Arrival::AtOnce => self.by("立即到账", "at once").to_owned(),
            Arrival::BusinessDays(from, to) if from == to => self.by(format!("{to} 个工作日内到账"), format!("within {to} business days")),
            Arrival::BusinessDays(from, to) => self.by(format!("{from} 至 {to} 个工作日到账"), format!("in {from} to {to} business days")),
        }
    }

    /// On one line; a Chinese address from the widest to the narrowest.
    pub fn address(&self, address: &Address) -> String {
        let Address { address1, address2, city, country, state, zip } = address;
        let second = address2.as_deref().unwrap_or_default();
        let state = if state == city { "" } else { state };
        let country = if country == city { "" } else { country };
        if address1.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}')) {
            return format!("{country}{state}{city}{address1}{second}，{zip}");
        }
        let area = if state.is_empty() { format!("{city} {zip}") } else { format!("{city}, {state} {zip}") };
        let parts = [address1.as_str(), second, &area, country];
        parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// A part of an address.
    pub fn field<'f>(&self, field: &'f str) -> &'f str {
        match field {
            "address1" => self.by("街道和门牌号", "the street and number"),
            "address2" => self.by("楼层或房号", "the flat or unit"),
            "city" => self.by("城市", "the city"),
            "state" => self.by("省或州", "the state"),
            "country" => self.by("国家", "the country"),
            "zip" => self.by("邮编", "the postal code"),
            other => other,
        }
    }

    /// A reason of a cancellation as the shopper reads it.
    pub fn reason(&self, name: &str) -> String {
        let reasons = self.policy.deeds.values().flat_map(|rule| &rule.reasons);
        let zh = reasons.into_iter().find(|r| r.name == name).map_or(name, |r| &r.zh);
        self.by(zh, name).to_owned()
    }

    pub fn all_of(&self, words: &[String]) -> String {
        self.joined(words, self.by(" 和 ", " and "))
    }

    pub fn one_of(&self, words: &[String]) -> String {
        self.joined(words, self.by(" 或 ", " or "))
    }

    fn joined(&self, words: &[String], last: &str) -> String {
        match words {
            [] => String::new(),
            [word] => word.clone(),
            [first @ .., end] => format!("{}{last}{end}", first.join(self.by("、", ", "))),
        }
    }

    /// "cancel the order or return items".
    pub fn deeds(&self, kinds: &[Kind]) -> String {
        self.one_of(&kinds.iter().map(|kind| self.deed(*kind).to_owned()).collect::<Vec<_>>())
    }

    pub fn person(&self) -> Choice {
        self.choice(self.by("转人工", "Talk to a person"), self.by("转人工", "I want to talk to a person"))
    }

    /// An order in a list: what it is known by.
    pub fn order_line(&self, order: &Order) -> String {
        let (state, sum) = (self.status(order.status), order.money(order.worth()).display());
        let things = self.titles(&order.items.iter().collect::<Vec<_>>(), 3);
        self.by(format!("{}：{state}，{things}，共 {sum}", order.id), format!("{}: {state}; {things}; {sum}", order.id))
    }
}

/// With a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// As it stands within a sentence.
pub fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}
