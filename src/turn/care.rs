//! What comes before any errand: somebody in danger, a child, a question for a doctor, an allergy told or taken back, and words that ask
//! for nothing. Each is answered here, or leaves the message to the rest of the turn.

use super::converse::wants_it_done;
use super::cue;
use super::understand::{Danger, Intent, Refinement, Remark, Told, is_means, is_pet_food, lexicon, names_adults_only, names_pet, remark};
use super::{Event, Finish, Photo, Sentence, Turn, facts, ground, kindness, label, retrieve, say};
use crate::search::Item;
use crate::search::segment::{is_stopword, segment};
use std::sync::Arc;

impl Turn<'_> {
    /// Settles what must not wait. `None`: the message is answered as usual.
    pub(super) async fn take_care(&mut self) -> anyhow::Result<Option<Finish>> {
        let told = self.understanding.told.clone();
        self.memory.minor |= told.minor;
        self.remember_pet();
        if self.understanding.intent == Intent::Emergency {
            return Ok(Some(self.raise_alarm(told.danger.unwrap_or(Danger::Other)).await));
        }
        if let Some(finish) = self.stay_with(&told).await {
            return Ok(Some(finish));
        }
        if let Some(finish) = self.withhold(&told).await {
            return Ok(Some(finish));
        }
        if told.health
            && let Some(finish) = self.leave_to_a_doctor().await?
        {
            return Ok(Some(finish));
        }
        if let Some(finish) = self.heed_allergies(&told).await? {
            return Ok(Some(finish));
        }
        if let Some(finish) = self.lift_the_limit(&told).await {
            return Ok(Some(finish));
        }
        self.be_courteous(&told).await
    }

    /// Whether a product may be shown to whoever asks, for whoever it is.
    pub(super) fn may_show(&self, item: &Item) -> bool {
        let names = [&*item.title, &*item.title_zh, &*item.category, &*item.category_zh];
        let young = |group: &Option<String>| matches!(group.as_deref(), Some("kids" | "toddler" | "infant" | "newborn"));
        let told = &self.understanding.told;
        let for_child =
            told.for_child || young(&self.understanding.filters.age_group) || (!self.names_kind() && young(&self.memory.filters.age_group));
        if (self.memory.minor || for_child) && names.iter().any(|name| names_adults_only(name)) {
            return false;
        }
        if self.memory.despair && names.iter().any(|name| is_means(name)) {
            return false;
        }
        if told.pet && is_pet_food(&[&self.ask.text]) {
            return names.iter().any(|name| names_pet(name));
        }
        told.pet || names_pet(&self.memory.terms) || !is_pet_food(&names)
    }

    /// "And a bed for her?", of the puppy spoken of before.
    fn remember_pet(&mut self) {
        let text = cue::plain(&self.ask.text);
        let of_it = ["her", "him", "it", "them", "she", "he"].iter().any(|word| cue::has(&text, word)) || text.contains(['它', '他', '她']);
        let own = &mut self.understanding;
        if self.memory.pet && own.recipient.is_none() && (of_it || !lexicon::expansions(&own.terms).iter().any(|e| e.kind)) {
            own.told.pet = true;
        }
        self.memory.pet = own.told.pet || (self.memory.pet && own.recipient.is_none() && own.terms.trim().is_empty());
    }

    async fn raise_alarm(&mut self, danger: Danger) -> Finish {
        self.memory.grave = true;
        self.memory.despair |= danger == Danger::Despair;
        self.say(Sentence::plain(kindness::alarm(danger, self.lang))).await;
        Finish::Answered
    }

    /// After danger was told: a few kind words and nothing to buy, until the shopper plainly comes back to the shop.
    async fn stay_with(&mut self, told: &Told) -> Option<Finish> {
        use Intent::*;
        let harmful = self.memory.despair && told.means;
        if !self.memory.grave && !harmful {
            return None;
        }
        let intent = self.understanding.intent;
        let business =
            matches!(intent, Policy | OrderStatus | AfterSales(_) | Account | Review) || (intent == Human && !self.memory.despair);
        let calm = !told.distress && !harmful;
        if business && calm {
            self.memory.grave = self.memory.despair;
            return None;
        }
        let errand = self.names_kind() || (told.errand && !self.understanding.terms.trim().is_empty());
        if errand && calm {
            self.memory.grave = false;
            self.say(Sentence::plain(kindness::back_again(self.memory.despair, self.lang))).await;
            return None;
        }
        self.memory.grave = true;
        let words = match (self.memory.despair, intent) {
            (_, Thanks | Goodbye) => kindness::thanked(self.memory.despair, self.lang),
            (true, Human | SmallTalk) => kindness::no_person(self.lang),
            (despair, _) if told.company && !harmful => kindness::in_company(despair, self.lang),
            (despair, _) => kindness::with_you(despair, self.lang),
        };
        self.say(Sentence::plain(words)).await;
        Some(Finish::Answered)
    }

    /// What only adults may buy is offered neither to a child nor for one.
    async fn withhold(&mut self, told: &Told) -> Option<Finish> {
        use Intent::*;
        let asked_before = std::mem::take(&mut self.memory.withheld);
        let intent = self.understanding.intent;
        if !matches!(intent, Find | Refine(_) | Compare | Detail | Availability | Price | Recommend | Gift | SizeFit | Buy | SmallTalk) {
            self.memory.withheld = asked_before;
            return None;
        }
        let young = self.memory.minor || told.for_child;
        let points = self.understanding.reference.is_some() && self.referred().is_some_and(|item| names_adults_only(&item.title));
        let bare = !self.names_kind() && self.understanding.recipient.is_none() && self.understanding.filters == Default::default();
        let insists = asked_before && bare && matches!(intent, Find | Detail | Buy | SmallTalk) && remark(&self.ask.text).is_none();
        if !insists && !(young && (told.adults_only || points)) {
            return None;
        }
        self.memory.withheld = true;
        self.say(Sentence::plain(kindness::adults_only(self.lang))).await;
        self.offer(say::ways_on(self.lang)).await;
        Some(Finish::Answered)
    }

    /// No word on what a product does for health; what its record says may follow. A need is searched for after that, with the illness
    /// left out of it.
    async fn leave_to_a_doctor(&mut self) -> anyhow::Result<Option<Finish>> {
        let named = self.names_kind();
        let points = ["这", "那", "this ", "that ", " it "].iter().any(|w| self.ask.text.to_lowercase().contains(w));
        let shown = self.memory.focus.as_ref().or(self.memory.shown.first());
        let item = match named {
            true if points => shown.and_then(|id| self.rooms.search.shelf().get(id).cloned()),
            false if asks(&self.ask.text) => self.referred(),
            _ => None,
        };
        if item.is_none() && named && !asks(&self.ask.text) {
            self.say(Sentence::plain(kindness::no_remedy(self.lang))).await;
            return Ok(None);
        }
        self.say(Sentence::plain(kindness::ask_a_doctor(self.lang))).await;
        let item = match item {
            None if named => self.named_product().await?,
            item => item,
        };
        if let Some(item) = item {
            self.tell_record(&item).await?;
        }
        Ok(Some(Finish::Answered))
    }

    /// The product that the words name best, whatever else they say of it.
    async fn named_product(&mut self) -> anyhow::Result<Option<Arc<Item>>> {
        let found = retrieve::retrieve(self).await?;
        Ok(found.hits.first().filter(|_| found.sold && found.relaxed.is_none()).map(|hit| hit.item.clone()))
    }

    /// Card, price and stock: no word of fitting.
    async fn tell_record(&mut self, item: &Item) -> anyhow::Result<()> {
        let Some(stored) = self.rooms.store.product(&item.id).await? else { return Ok(()) };
        self.show(Event::Products(vec![ground::card_of(item, self.lang)])).await;
        let fact = ground::fact(&stored.product, stored.revision, self.lang);
        self.say(facts::about_product(&fact, &[], self.lang).0).await;
        self.memory.look_at(&item.id);
        Ok(())
    }

    /// Takes to heart what must not be in it, forgets what is over, and says whether a product agrees with it.
    async fn heed_allergies(&mut self, told: &Told) -> anyhow::Result<Option<Finish>> {
        let lang = self.lang;
        let fresh = self.understanding.filters.allergies.clone();
        if let Some(over) = &told.recovered {
            let gone: Vec<String> = self.memory.filters.allergies.iter().filter(|a| over.is_empty() || over.contains(a)).cloned().collect();
            self.memory.forget_allergies(over);
            self.say(Sentence::plain(kindness::recovered(&gone, lang))).await;
        }
        let known = &mut self.memory.filters.allergies;
        known.extend(fresh.iter().filter(|a| !known.contains(a)).cloned().collect::<Vec<_>>());
        if told.recovered.is_none() && fresh.is_empty() {
            let asked = !self.memory.filters.allergies.is_empty() && label::asks_whether_safe(&self.ask.text);
            return if asked { self.read_label().await } else { Ok(None) };
        }
        let searching =
            matches!(self.understanding.intent, Intent::Find | Intent::Refine(_) | Intent::Thanks | Intent::SmallTalk | Intent::Detail);
        if self.names_kind() || self.understanding.reference.is_some() || !searching {
            return Ok(None);
        }
        if self.memory.terms.is_empty() {
            if self.understanding.terms.trim().is_empty() || told.recovered.is_some() {
                if !fresh.is_empty() {
                    self.say(Sentence::plain(kindness::noted(&fresh, lang))).await;
                }
                return Ok(Some(Finish::Asked));
            }
            return Ok(None);
        }
        // It narrows or widens what was looked for.
        self.understanding.intent = Intent::Refine(Refinement::Same);
        self.understanding.terms.clear();
        Ok(None)
    }

    /// "Is that ok for her?": what the record states of its ingredients, and what it does not.
    async fn read_label(&mut self) -> anyhow::Result<Option<Finish>> {
        let item = match self.find_open().await? {
            None if !self.names_kind() => self.referred(),
            item => item,
        };
        let Some(item) = item else { return Ok(None) };
        let Some(stored) = self.rooms.store.product(&item.id).await? else { return Ok(None) };
        self.show(Event::Products(vec![ground::card_of(&item, self.lang)])).await;
        let fact = ground::fact(&stored.product, stored.revision, self.lang);
        for sentence in label::told(&fact, &stored.product, &self.memory.filters.allergies, self.lang) {
            self.say(sentence).await;
        }
        self.memory.look_at(&item.id);
        Ok(Some(Finish::Answered))
    }

    /// The product the words name, even one that an allergy rules out.
    async fn find_open(&self) -> anyhow::Result<Option<Arc<Item>>> {
        let filters = super::understand::Filters { allergies: Vec::new(), ..self.understanding.filters.clone() };
        let terms = self.understanding.terms.as_str();
        if terms.trim().is_empty() {
            return Ok(None);
        }
        let found = retrieve::look(self, terms, retrieve::filter(&filters), None).await?;
        let wanted: Vec<String> = segment(terms).into_iter().filter(|t| !is_stopword(t)).collect();
        let shared = |item: &Item| {
            let title = segment(&[&*item.title, &*item.title_zh, &*item.category, &*item.category_zh].join(" "));
            wanted.iter().filter(|term| title.contains(term)).count()
        };
        // What is on the screen is meant before what else the shop has.
        let shelf = self.rooms.search.shelf();
        let shown = self.memory.shown.iter().filter_map(|id| shelf.get(id));
        let mut best: Option<(bool, usize, Arc<Item>)> = None;
        for item in shown.chain(found.hits.iter().map(|hit| &hit.item)).filter(|item| shared(item) > 0) {
            let stored = self.rooms.store.product(&item.id).await?;
            let rank = (stored.is_some_and(|s| label::lists_ingredients(&s.product)), shared(item));
            if best.as_ref().is_none_or(|(lists, shared, _)| rank > (*lists, *shared)) {
                best = Some((rank.0, rank.1, item.clone()));
            }
        }
        Ok(best.map(|(.., item)| item))
    }

    /// What of the products shown states nothing of what is in it.
    pub(super) async fn cautions(&self, hits: &[crate::search::Hit]) -> anyhow::Result<Vec<Sentence>> {
        let allergies = &self.memory.filters.allergies;
        if allergies.is_empty() {
            return Ok(Vec::new());
        }
        let mut silent = Vec::new();
        for hit in hits {
            if let Some(stored) = self.rooms.store.product(&hit.item.id).await?
                && !label::states_ingredients(&stored.product)
            {
                silent.push(hit.item.title(self.lang).to_owned());
            }
        }
        Ok(kindness::unpromised(&silent, allergies, self.lang).map(Sentence::plain).into_iter().collect())
    }

    /// "贵点没事": the price no longer matters for what was looked for.
    async fn lift_the_limit(&mut self, told: &Told) -> Option<Finish> {
        if !told.any_price {
            return None;
        }
        let filters = &mut self.memory.filters;
        (filters.price_min, filters.price_max, filters.price_about) = (None, None, None);
        let alone = !self.names_kind() && self.understanding.reference.is_none() && self.understanding.intent == Intent::Find;
        if alone && self.memory.terms.is_empty() {
            self.say(Sentence::plain(kindness::any_price(self.lang))).await;
            return Some(Finish::Asked);
        }
        if alone {
            self.understanding.intent = Intent::Refine(Refinement::Same);
            self.understanding.terms.clear();
        }
        None
    }

    /// A nod, a laugh, a lone mark, an insult beside a request.
    async fn be_courteous(&mut self, told: &Told) -> anyhow::Result<Option<Finish>> {
        let lang = self.lang;
        if matches!(self.ask.photo, Photo::None)
            && let Some(remark) = remark(&self.ask.text)
        {
            // What answers a question of ours is no mere nod.
            if self.memory.asking > 0 && matches!(remark, Remark::Agreed | Remark::Declined) {
                return Ok(None);
            }
            self.understanding.intent = Intent::SmallTalk;
            self.say(Sentence::plain(kindness::to_remark(remark, !self.memory.shown.is_empty(), lang))).await;
            let open = matches!(remark, Remark::Puzzled | Remark::Unclear | Remark::Annoyed);
            return Ok(Some(if open { Finish::Asked } else { Finish::Answered }));
        }
        // «智障机器人» is no wish for a robot.
        let wish = ["机器人", "robot", "bot", "machine"]
            .iter()
            .fold(self.understanding.terms.to_lowercase(), |terms, word| terms.replace(word, " "));
        if self.understanding.intent == Intent::Abuse && lexicon::expansions(&wish).iter().any(|e| e.kind) {
            self.say(Sentence::plain(kindness::calm(lang))).await;
            self.understanding.intent = Intent::Find;
        }
        if told.minor && self.understanding.terms.trim().is_empty() && self.understanding.intent == Intent::Find {
            self.understanding.intent = Intent::Greeting;
        }
        Ok(None)
    }

    fn names_kind(&self) -> bool {
        lexicon::expansions(&self.understanding.terms).iter().any(|e| e.kind)
    }

    /// "Tiny screwdrivers to fix my glasses", 换灯泡要个梯子: a wish, though its words sound like an exchange.
    pub(super) fn looks_for_a_kind(&self) -> bool {
        let (text, wish) = (&self.ask.text, self.understanding.intent == Intent::Find && self.names_kind());
        wish && (!wants_it_done(text) || cue::any(&cue::plain(text), &cue::CUES.seeks))
    }
}

/// A question about a thing, not a search for one.
fn asks(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let opens = ["is ", "are ", "does ", "do ", "will ", "would ", "can ", "could ", "should "].iter().any(|w| lower.starts_with(w));
    let wants = ["do you have", "can you recommend", "can i get", "can you show", "do you sell"].iter().any(|w| lower.starts_with(w));
    let zh = ["吗", "能不能", "可不可以", "是不是"].iter().any(|w| lower.contains(w));
    zh || (!wants && (opens || lower.ends_with(['?', '？'])))
}
