//! A photo of something bought in; the item of the shopper's orders it shows, out: evidence for a person, told for what it is.

use super::offer::Evidence;
use super::understand::{Deed, Intent};
use super::{Event, Photo, Turn};
use crate::aftersales::nouns::Case;
use crate::errand::heard::Place;
use crate::errand::{Errands, Saying, Slot};
use crate::model::{Picture, Subject};
use anyhow::Context;
use std::sync::Arc;

impl Turn<'_> {
    /// Whether the photo belongs to an errand: something is broken or wrong, or is about to go back.
    pub(super) fn shows_damage(&self) -> bool {
        if !matches!(self.ask.photo, Photo::Seen(_)) {
            return false;
        }
        let deed = matches!(
            self.understanding.intent,
            Intent::AfterSales(Deed::Complaint | Deed::Return | Deed::Exchange | Deed::Refund) | Intent::OrderStatus
        );
        let told = &self.memory.errands;
        let under_way = told.is_under_way() && told.asked != Some(Slot::Confirm) && self.ask.text.trim().is_empty();
        deed || under_way || is_damage(&self.ask.text)
    }

    /// Keeps the photo of this message, or one that waited for the customer to be known, with the order line it is most like.
    pub(super) async fn keep_evidence(&mut self, case: &Case) -> anyhow::Result<Option<Saying>> {
        let (picture, upload) = match (&self.ask.photo, &self.ask.photo_id, &self.ask.evidence) {
            (Photo::Seen(picture), Some(id), _) if self.shows_damage() => (picture.clone(), id.clone()),
            (_, _, Some((id, picture))) => (picture.clone(), id.clone()),
            _ => return Ok(None),
        };
        self.memory.errands.photo = None;
        let best = self.most_like(&picture, case).await?;
        let place = best.as_ref().map(|(place, _)| place.clone());
        let evidence =
            Evidence { upload, place: place.clone(), item: place.as_ref().and_then(|p| item(case, p)), score: best.map_or(0.0, |b| b.1) };
        self.show(Event::Evidence(evidence)).await;
        if let Some(place) = &place {
            self.memory.errands.order = Some(place.order.clone());
        }
        Ok(Some(Saying::PhotoKept { place }))
    }

    /// The item whose picture the photo is most like; of one order alone, if that is being talked of.
    async fn most_like(&self, picture: &Arc<Picture>, case: &Case) -> anyhow::Result<Option<(Place, f32)>> {
        let search = &self.rooms.search;
        let places = places(case, &self.memory.errands);
        if let [only] = places.as_slice() {
            return Ok(Some((only.clone(), 1.0)));
        }
        let (Some(eyes), Some(pictures)) = (search.eyes(), search.pictures()) else { return Ok(None) };
        let seen = eyes.look(picture.clone(), Subject::Photo).await.context("look at a photo of something bought")?;
        let shelf = search.shelf();
        let likeness = |place: &Place| {
            let found = shelf.get(&item(case, place)?)?;
            pictures.likeness(&seen, found.ord)
        };
        let scored = places.into_iter().filter_map(|place| Some((likeness(&place)?, place)));
        Ok(scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(score, place)| (place, score)))
    }
}

fn places(case: &Case, errands: &Errands) -> Vec<Place> {
    let order = errands.queue.first().and_then(|r| r.order.as_ref()).or(errands.order.as_ref());
    let here = case.orders.iter().filter(|o| order.is_none_or(|id| o.id == *id));
    here.flat_map(|o| (0..o.items.len()).map(|at| Place { order: o.id.clone(), at })).collect()
}

fn item(case: &Case, place: &Place) -> Option<String> {
    case.order(&place.order)?.items.get(place.at).map(|item| item.id.clone())
}

/// Words for what has gone wrong with a thing.
fn is_damage(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "broken",
        "damaged",
        "cracked",
        "scratched",
        "dented",
        "torn",
        "faulty",
        "defective",
        "stopped working",
        "doesn't work",
        "wrong item",
        "arrived like this",
        "坏了",
        "破了",
        "碎了",
        "裂了",
        "划痕",
        "磕",
        "瑕疵",
        "质量问题",
        "发错",
        "收到是这样",
        "烂了",
        "用不了",
        "不能用",
    ];
    let lower = text.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}
