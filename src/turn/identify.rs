//! Who a shopper says to be in; the customer it is, and what they had said before heard, out.

use super::errand::read;
use super::{Finish, Turn};
use crate::errand::{Heard, Saying, Slot, Told, hear, told};
use crate::store::now_ms;
use anyhow::Context;

/// Identities that are none, before a person must look.
const MOST_TRIES: u8 = 5;
/// Messages kept until the customer is known.
const MOST_UNHEARD: usize = 6;

impl Turn<'_> {
    pub(super) async fn identify(&mut self, heard: Heard) -> anyhow::Result<Finish> {
        let errands = &mut self.memory.errands;
        if heard.parts.iter().any(|p| !p.is_empty()) && errands.unheard.len() < MOST_UNHEARD {
            errands.unheard.push(self.ask.text.clone());
        }
        errands.learn(&heard.told);
        if let Some(photo) = &self.ask.photo_id {
            errands.photo = Some(photo.clone());
        }
        errands.asked = Some(Slot::Identity);
        if errands.tries >= MOST_TRIES {
            return self.call_person(vec![Saying::NoMoreTries], "identity").await;
        }
        let told = told::needed(&errands.told);
        if told::ways(&told).is_empty() {
            return self.tell(None, vec![Saying::AskIdentity { told }]).await;
        }
        if errands.wrong.as_ref() == Some(&told) {
            return self.tell(None, vec![Saying::NotFound]).await;
        }
        let found = self.look_up(&told).await?;
        let errands = &mut self.memory.errands;
        let [customer] = found.as_slice() else {
            errands.tries += 1;
            errands.wrong = Some(told);
            if errands.tries >= MOST_TRIES {
                return self.call_person(vec![Saying::NoMoreTries], "identity").await;
            }
            return self.tell(None, vec![Saying::NotFound]).await;
        };
        let read = read(self.rooms, customer).await?.context("the customer who was found is gone")?;
        errands.customer = Some(customer.clone());
        errands.asked = None;
        let policy = self.rooms.world.policy();
        let texts = std::mem::take(&mut errands.unheard);
        let heard = texts.iter().map(|text| hear::hear(text, Some(&read.case), &read.shelf, &policy, &self.memory.errands)).collect();
        let greeting = Saying::Identified { first_name: read.case.customer.name.first_name.clone() };
        self.go_on(&read, heard, vec![greeting]).await
    }

    /// The customers it may be. Whoever guesses too often finds nobody.
    async fn look_up(&self, told: &Told) -> anyhow::Result<Vec<String>> {
        let world = &self.rooms.world;
        let Some(told) = world.admit(told, now_ms()) else { return Ok(Vec::new()) };
        self.rooms.systems.refresh(&self.rooms.store, &told).await;
        let found = self.rooms.store.customers_by(&told).await?;
        if found.len() == 1 {
            world.was_right(&told);
        }
        Ok(found)
    }
}
