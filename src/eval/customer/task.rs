//! A line of `tasks.jsonl` and the world in; who the customer is, what they want, and what must be true afterwards out.

use crate::aftersales::nouns::Order;
use crate::aftersales::{Case, Deed, Policy, Shelf, Why, carry_out, propose};
use crate::eval::aftersales::World;
use anyhow::{Context, anyhow};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub struct Task {
    pub number: usize,
    pub instruction: String,
    /// The customer's records before anything is said.
    pub case: Case,
    pub known_by: KnownBy,
    pub deeds: Vec<Deed>,
    /// Of each deed, why it must be refused: a gift card may have too little on it.
    pub refusals: Vec<Option<Why>>,
    /// The records as they must be in the end.
    pub after: Case,
}

/// How the customer says who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    Email,
    Zip,
}

#[derive(Deserialize)]
struct Line {
    user_id: String,
    #[serde(default)]
    instruction: String,
    actions: Vec<Value>,
}

/// Tools of the world that only look.
const LOOKING: [&str; 6] = ["get_", "find_", "list_", "calculate", "think", "transfer_"];

impl Task {
    /// # Errors
    /// Names the task whose customer or action cannot be understood.
    pub fn read(text: &str, world: &World, policy: &Policy) -> anyhow::Result<Vec<Self>> {
        let lines = text.lines().filter(|l| !l.trim().is_empty()).enumerate();
        lines.map(|(number, line)| Self::of_line(number, line, world, policy).with_context(|| format!("task {number}"))).collect()
    }

    fn of_line(number: usize, line: &str, world: &World, policy: &Policy) -> anyhow::Result<Self> {
        let Line { user_id, instruction, actions } = serde_json::from_str(line).context("it is not a task")?;
        let looks = |action: &Value| action["name"].as_str().is_some_and(|name| LOOKING.iter().any(|l| name.starts_with(l)));
        let deed = |action: Value| serde_json::from_value(action.clone()).with_context(|| format!("{action} is no deed"));
        let deeds = actions.into_iter().filter(|a| !looks(a)).map(deed).collect::<anyhow::Result<Vec<Deed>>>()?;
        let case = world.case(&user_id).ok_or_else(|| anyhow!("there is no customer {user_id}"))?;
        Ok(Self::new(number, instruction, case.clone(), deeds, &world.shelf, policy))
    }

    /// What is left in the end is told by the core itself, deed by deed; one that is refused changes nothing.
    pub fn new(number: usize, instruction: String, case: Case, deeds: Vec<Deed>, shelf: &Shelf, policy: &Policy) -> Self {
        let mut after = case.clone();
        let mut do_it = |deed: &Deed| {
            let proposed = propose(&after, shelf, policy, deed, 0);
            proposed.and_then(|proposal| carry_out(&mut after, shelf, policy, &proposal, 0)).err().map(|refusal| refusal.why)
        };
        let refusals = deeds.iter().map(&mut do_it).collect();
        let known_by = if instruction.contains("email is") { KnownBy::Email } else { KnownBy::Zip };
        Self { number, instruction, case, known_by, deeds, refusals, after }
    }

    pub fn customer(&self) -> &str {
        &self.case.customer.id
    }

    pub fn name(&self) -> String {
        let name = &self.case.customer.name;
        format!("{} {}", name.first_name, name.last_name)
    }

    /// What is otherwise than it must be, one line each: the orders as exported, the customer's address and gift cards.
    pub fn differences(&self, orders: &[Value], customer: Option<&Value>) -> Vec<String> {
        let mut wrong = Vec::new();
        for order in &self.after.orders {
            let must = comparable(json!(order));
            match orders.iter().find(|o| o["id"] == must["id"]) {
                Some(is) => unlike(&order.id, &must, &comparable(is.clone()), &mut wrong),
                None => wrong.push(format!("{}: is gone", order.id)),
            }
        }
        if let Some(is) = customer {
            let must = json!(self.after.customer);
            for field in ["address", "payment_methods"] {
                unlike(&format!("customer {field}"), &json!({field: must[field]}), &json!({field: is[field]}), &mut wrong);
            }
        }
        wrong
    }
}

/// An order's record as two are compared: which of two like items stands first says nothing, nor does what was done when.
pub fn comparable(mut order: Value) -> Value {
    if let Ok(read) = serde_json::from_value::<Order>(order.clone()) {
        order = json!(read);
    }
    if let Some(fields) = order.as_object_mut() {
        fields.remove("deeds");
    }
    if let Some(items) = order["items"].as_array_mut() {
        items.sort_by_key(|item| item["id"].as_str().unwrap_or_default().to_owned());
    }
    order
}

fn unlike(what: &str, must: &Value, is: &Value, wrong: &mut Vec<String>) {
    let fields = must.as_object().into_iter().chain(is.as_object()).flat_map(|o| o.keys());
    let mut seen: Vec<&String> = Vec::new();
    for field in fields {
        if !seen.contains(&field) && must[field] != is[field] {
            wrong.push(format!("{what} {field}: must be {}, is {}", must[field], is[field]));
        }
        seen.push(field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pending order of the demo shop is cancelled by the task: the untouched record is wrong, the changed one right.
    #[test]
    fn what_must_be_is_compared_field_by_field() {
        let world = World::demo().expect("the demo shop is read");
        let case = world.cases.iter().find(|c| c.orders.iter().any(|o| o.status == crate::aftersales::Status::Pending));
        let case = case.expect("somebody waits for something").clone();
        let order = case.orders.iter().find(|o| o.status == crate::aftersales::Status::Pending).expect("a pending order");
        let deed = json!({"name": "cancel_pending_order", "kwargs": {"order_id": order.id, "reason": "no longer needed"}});
        let look = json!({"name": "get_order_details", "kwargs": {"order_id": order.id}});
        let line = json!({"user_id": case.customer.id, "instruction": "Your email is x.", "actions": [look, deed]}).to_string();
        let task = Task::read(&line, &world, &Policy::shipped()).expect("a task").remove(0);
        assert_eq!((task.deeds.len(), task.refusals.as_slice(), task.known_by), (1, &[None][..], KnownBy::Email));
        let records = |case: &Case| case.orders.iter().map(|o| json!(o)).collect::<Vec<_>>();
        assert_eq!(task.differences(&records(&task.after), Some(&json!(task.after.customer))), Vec::<String>::new());
        let wrong = task.differences(&records(&case), Some(&json!(case.customer)));
        assert!(wrong.iter().any(|line| line.contains("status: must be \"cancelled\", is \"pending\"")), "{wrong:?}");
        assert!(task.differences(&[], None).iter().all(|line| line.ends_with("is gone")));
    }
}
