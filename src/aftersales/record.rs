//! Records as JSON in, records out: what others have written into one is kept, whatever is done to the fields known here.

use serde_json::{Map, Value};

/// A record read again. What the file says otherwise than last time is taken; what it says as before stays as it has become since:
/// a file that does not know of a return does not undo it.
pub fn reread(last: &Value, kept: &Value, read: &Value) -> Value {
    let (Value::Object(last), Value::Object(kept), Value::Object(read)) = (last, kept, read) else { return read.clone() };
    let choose = |key: &String| {
        let chosen = if read.get(key) == last.get(key) { kept.get(key) } else { read.get(key) };
        let value = match (key.as_str(), chosen) {
            ("payment_methods", Some(methods)) => balances(last.get(key), kept.get(key), methods),
            (_, chosen) => chosen?.clone(),
        };
        Some((key.clone(), value))
    };
    Value::Object(kept.keys().chain(read.keys().filter(|k| !kept.contains_key(*k))).filter_map(choose).collect())
}

/// The same for the balance of each gift card: a new card beside it does not bring back what was spent.
fn balances(last: Option<&Value>, kept: Option<&Value>, read: &Value) -> Value {
    let balance = |methods: Option<&Value>, id: &Value| {
        let methods = methods.and_then(Value::as_array)?;
        methods.iter().find(|m| m["id"] == *id)?.get("balance").cloned()
    };
    let mut methods = read.clone();
    for method in methods.as_array_mut().into_iter().flatten() {
        let Some(now) = method.get("balance") else { continue };
        let as_before = balance(last, &method["id"]).as_ref() == Some(now);
        if let Some(spent) = balance(kept, &method["id"]).filter(|_| as_before) {
            method["balance"] = spent;
        }
    }
    methods
}

/// A record that was `raw` and was understood as `was`, now that it is `now`: only what differs between these two is written.
pub fn rewritten(raw: &Value, was: &Value, now: &Value) -> Value {
    if was == now {
        return raw.clone();
    }
    match (raw, was, now) {
        (Value::Object(raw), Value::Object(was), Value::Object(now)) => {
            let mut out: Map<String, Value> = raw
                .iter()
                .filter(|(key, _)| now.contains_key(*key) || !was.contains_key(*key))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect();
            for (key, now) in now.iter().filter(|(key, now)| was.get(*key) != Some(*now)) {
                let value = match (raw.get(key), was.get(key)) {
                    (Some(raw), Some(was)) => rewritten(raw, was, now),
                    _ => now.clone(),
                };
                out.insert(key.clone(), value);
            }
            Value::Object(out)
        }
        (Value::Array(raw), Value::Array(was), Value::Array(now)) if raw.len() == was.len() => {
            let item = |(n, now): (usize, &Value)| raw.get(n).map_or_else(|| now.clone(), |raw| rewritten(raw, &was[n], now));
            Value::Array(now.iter().enumerate().map(item).collect())
        }
        _ => now.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{reread, rewritten};
    use serde_json::json;

    #[test]
    fn a_file_changes_only_what_it_says_anew() {
        let last = json!({"status": "delivered", "zip": "1", "note": "a", "gone": 1});
        let kept = json!({"status": "return requested", "zip": "1", "note": "a", "gone": 1, "deeds": ["return"]});
        for (read, expected) in [
            (last.clone(), kept.clone()),
            (
                json!({"status": "delivered", "zip": "2", "note": "a", "gone": 1}),
                json!({"status": "return requested", "zip": "2", "note": "a", "gone": 1, "deeds": ["return"]}),
            ),
            (
                json!({"status": "cancelled", "zip": "1", "note": "b", "new": true}),
                json!({"status": "cancelled", "zip": "1", "note": "b", "new": true, "deeds": ["return"]}),
            ),
        ] {
            assert_eq!(reread(&last, &kept, &read), expected);
        }
        let wallet = |spent: &str, more: bool| {
            let mut methods = vec![json!({"id": "g", "balance": spent})];
            methods.extend(more.then(|| json!({"id": "p"})));
            json!({ "payment_methods": methods })
        };
        assert_eq!(reread(&wallet("9 X", false), &wallet("4 X", false), &wallet("9 X", true)), wallet("4 X", true));
        assert_eq!(reread(&wallet("9 X", false), &wallet("4 X", false), &wallet("7 X", true)), wallet("7 X", true));
    }

    #[test]
    fn what_is_not_known_is_written_back() {
        let raw = json!({"id": 1, "address": {"zip": "1", "door": "red"}, "paid": [{"sum": 1, "bank": "x"}], "gone": 2, "odd": null});
        let was = json!({"id": 1, "address": {"zip": "1"}, "paid": [{"sum": 1}], "gone": 2, "empty": []});
        let now = json!({"id": 1, "address": {"zip": "2"}, "paid": [{"sum": 1}, {"sum": 2}], "empty": []});
        let expected = json!({"id": 1, "address": {"zip": "2", "door": "red"}, "paid": [{"sum": 1, "bank": "x"}, {"sum": 2}], "odd": null});
        assert_eq!(rewritten(&raw, &was, &now), expected);
        assert_eq!(rewritten(&raw, &was, &was), raw);
    }
}
