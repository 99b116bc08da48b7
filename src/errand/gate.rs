//! How often somebody may be wrong about who they are. What was told and the time in; what of it may be tried out. In memory only.
//!
//! Each conversation counts its own tries (`Errands::tries`); this is for those who begin a new one for every guess. One person's
//! e-mail, name or order can be guessed at ten times an hour, all together two hundred times: beyond that everyone is asked to wait or
//! gets a person, except whom the shop's page has signed for. What was tried is kept as a keyed hash, and for an hour.

use super::heard::Told;
use super::told::{By, ways};
use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

#[derive(Debug, Default)]
pub struct Gate {
    /// A secret of this process: the hashes below say nothing outside it.
    salt: RandomState,
    /// Tries of the last hour that were not right, oldest first; never more than [`MOST_IN_ALL`].
    wrong: VecDeque<Try>,
}

#[derive(Debug)]
struct Try {
    at_ms: i64,
    /// Of the ways that were tried.
    keys: Vec<u64>,
}

const HOUR_MS: i64 = 3_600_000;
const MOST_OF_ONE: usize = 10;
const MOST_IN_ALL: usize = 200;

impl Gate {
    /// What of `told` may be tried now: all of it mostly, less a name or an order that was guessed at too often. None when nothing is
    /// left that identifies anybody. Look up with nothing but what comes back, or a locked name would be tried beside a fresh e-mail.
    ///
    /// It counts as wrong until [`Gate::was_right`]: a hundred sockets that guess at the same moment are a hundred guesses.
    pub fn admit(&mut self, told: &Told, now_ms: i64) -> Option<Told> {
        // A clock that was put back must not keep anybody out for longer than an hour.
        self.wrong.retain(|t| t.at_ms <= now_ms && t.at_ms > now_ms - HOUR_MS);
        if self.wrong.len() >= MOST_IN_ALL {
            return None;
        }
        let mut may = told.clone();
        for (by, key) in self.keys(told) {
            if self.count(key) >= MOST_OF_ONE {
                match by {
                    // It proves nothing beside an order either.
                    By::Email => may.email = None,
                    By::Name => (may.name, may.zip) = (None, None),
                    _ => may.order = None,
                }
            }
        }
        let keys: Vec<u64> = self.keys(&may).into_iter().map(|(_, key)| key).collect();
        if keys.is_empty() {
            return None;
        }
        self.wrong.push_back(Try { at_ms: now_ms, keys });
        Some(may)
    }

    /// Takes back what [`Gate::admit`] counted: `tried` is what it let through, and it was one customer.
    pub fn was_right(&mut self, tried: &Told) {
        let keys: Vec<u64> = self.keys(tried).into_iter().map(|(_, key)| key).collect();
        if let Some(at) = self.wrong.iter().rposition(|t| t.keys == keys) {
            self.wrong.remove(at);
        }
    }

    fn count(&self, key: u64) -> usize {
        self.wrong.iter().filter(|t| t.keys.contains(&key)).count()
    }

    /// A name is guessed at by its zip, an order by its phone or e-mail: what is counted is what stays the same from guess to guess.
    fn keys(&self, told: &Told) -> Vec<(By, u64)> {
        let mut keys: Vec<(By, u64)> =
            ways(told).into_iter().map(|way| (way.first.by, self.hash(way.first.by, &way.first.value))).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The same for all ways of writing one: first and last name change places, an order is known by its digits too.
    fn hash(&self, by: By, value: &str) -> u64 {
        let mut letters: Vec<char> = value.chars().collect();
        match by {
            By::Name => letters.sort_unstable(),
            By::Order if letters.iter().any(char::is_ascii_digit) => letters.retain(char::is_ascii_digit),
            _ => {}
        }
        self.salt.hash_one((by, letters))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    fn told(email: &str, name: &str, zip: &str, order: &str, phone: &str) -> Told {
        let some = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        Told { email: some(email), name: some(name), zip: some(zip), order: some(order), phone: some(phone) }
    }

    /// Tries `times`, a second apart, and is wrong; how many were let through.
    fn fail(gate: &mut Gate, times: usize, what: impl Fn(usize) -> Told) -> usize {
        (0..times).filter(|n| gate.admit(&what(*n), NOW + *n as i64 * 1_000).is_some()).count()
    }

    #[test]
    fn one_name_order_or_address_is_guessed_at_ten_times_an_hour() {
        let ways: [fn(usize) -> Told; 3] = [
            |_| told("sara@example.com", "", "", "", ""),
            |n| told("", ["Sara Doe", "sara  doe", "Doe, Sara", "Ｓara Doé"][n % 4], &format!("{n:05}"), "", ""),
            |n| told("", "", "", ["#W123", "w123", "123", "# W 123"][n % 4], &format!("9000{n:04}")),
        ];
        for what in ways {
            let mut gate = Gate::default();
            assert_eq!(fail(&mut gate, 50, what), MOST_OF_ONE, "{:?}", what(0));
            assert_eq!(gate.admit(&what(7), NOW + HOUR_MS + 60_000), Some(what(7)), "an hour later it may be tried again");
        }
    }

    #[test]
    fn who_is_right_is_not_counted() {
        let mut gate = Gate::default();
        let sara = told("sara@example.com", "Sara Doe", "10001", "", "");
        for n in 0..1_000 {
            let may = gate.admit(&sara, NOW + n).expect("let in");
            gate.was_right(&may);
        }
        assert!(gate.wrong.is_empty());
    }

    #[test]
    fn a_name_that_is_locked_is_not_tried_beside_a_fresh_address() {
        let mut gate = Gate::default();
        fail(&mut gate, 30, |n| told("", "Sara Doe", &format!("{n:05}"), "", ""));
        let mixed = told("fresh@example.com", "Sara Doe", "10001", "", "");
        assert_eq!(gate.admit(&mixed, NOW + 40_000), Some(told("fresh@example.com", "", "", "", "")), "but the address alone may be");
        assert_eq!(gate.admit(&told("", "Sara Doe", "10001", "", ""), NOW + 40_000), None);
        assert!(gate.admit(&told("", "Omar Anderson", "10001", "", ""), NOW + 40_000).is_some(), "others are not kept out");
    }

    #[test]
    fn an_order_that_is_locked_is_not_tried_with_another_address() {
        let mut gate = Gate::default();
        fail(&mut gate, 10, |n| told("", "", "", "#W123", &format!("9000{n:04}")));
        let may = gate.admit(&told("fresh@example.com", "", "", "#W123", ""), NOW + 20_000);
        assert_eq!(may, Some(told("fresh@example.com", "", "", "", "")));
    }

    #[test]
    fn the_whole_process_is_wrong_two_hundred_times_an_hour_and_keeps_no_more() {
        let mut gate = Gate::default();
        let anyone = |n: usize| told(&format!("guess{n}@example.com"), "", "", "", "");
        assert_eq!(fail(&mut gate, 1_000, anyone), MOST_IN_ALL);
        assert_eq!(gate.admit(&told("new@example.com", "", "", "", ""), NOW + 1_000_000), None);
        assert_eq!(gate.wrong.len(), MOST_IN_ALL);
        assert!(gate.admit(&anyone(0), NOW + 1_000_000 + HOUR_MS).is_some());
    }

    #[test]
    fn half_an_identity_is_no_try() {
        let mut gate = Gate::default();
        for half in [Told::default(), told("", "Sara Doe", "", "", ""), told("", "", "10001", "", ""), told("", "", "", "#W1", "")] {
            assert_eq!(gate.admit(&half, NOW), None, "{half:?}");
        }
        assert!(gate.wrong.is_empty());
    }

    #[test]
    fn a_clock_that_goes_back_locks_nobody_out() {
        let mut gate = Gate::default();
        fail(&mut gate, 10, |_| told("sara@example.com", "", "", "", ""));
        assert!(gate.admit(&told("sara@example.com", "", "", "", ""), NOW - 10 * HOUR_MS).is_some());
    }
}
