//! A yes or a no to a proposal in; what has come of it out. Done before the turn, which writes nothing and tells it.

use crate::errand::Verdict;
use crate::store::now_ms;
use crate::store::proposals::{NotDone, State};
use crate::turn::{Ask, Brakes, Carried, End, Memory, Rooms, answer, confirms};
use anyhow::Context;
use tokio::sync::mpsc;

/// Carries out what the message says yes to, once, however often it is said. `None` when it says neither yes nor no to anything.
///
/// # Errors
/// When the store is away: nothing was done, and it can be tried again.
pub async fn settle(rooms: &Rooms, session: &str, ask: &Ask) -> anyhow::Result<Option<Carried>> {
    let errands = &ask.memory.errands;
    let (Verdict { yes, rest }, id) = match &ask.answer {
        Some(answer) => (Verdict { yes: answer.yes, rest: ask.text.clone() }, answer.proposal.clone().or_else(|| errands.open.clone())),
        None => match confirms(rooms, &ask.text, errands).await? {
            Some(verdict) => (verdict, errands.open.clone()),
            None => return Ok(None),
        },
    };
    let Some(mut id) = id else { return Ok(None) };
    let mut row = rooms.store.proposal(&id).await?;
    // A client may say "yes" where the id belongs: then it is the one that is open.
    if row.is_none()
        && let Some(open) = &errands.open
    {
        id.clone_from(open);
        row = rooms.store.proposal(&id).await?;
    }
    let Some(row) = row.filter(|row| row.session == session) else { return Ok(Some(Carried { id, end: End::Void, rest })) };
    let end = match yes {
        false if row.state == State::Open => {
            rooms.store.decline(&id, session).await?;
            End::Declined
        }
        false => End::Void,
        // Not on a copy of the order that may be old.
        true if row.state == State::Open && !rooms.systems.may_act_on(&rooms.store, &row.customer).await => End::Away,
        true => match rooms.store.carry_out(&id, session, &rooms.world.policy(), now_ms()).await {
            Ok(done) => End::Done { proposal: Box::new(done.proposal), reference: done.reference },
            Err(NotDone::Refused(refusal)) => End::Refused(*refusal),
            Err(NotDone::Closed(State::Expired)) => End::Expired,
            Err(NotDone::Closed(_) | NotDone::Unknown) => End::Void,
            Err(NotDone::Store(error)) => return Err(error).context("carry out what was confirmed"),
        },
    };
    Ok(Some(Carried { id, end, rest }))
}

/// What a conversation knows after a reply that a crash cut off: the turn is made again for nobody to hear. What it has proposed and
/// carried out stands in the store, under the ids it had.
pub async fn recollect(rooms: &Rooms, session: &str, mut ask: Ask) -> anyhow::Result<Memory> {
    ask.carried = settle(rooms, session, &ask).await?;
    let (events, mut unheard) = mpsc::channel(32);
    let brakes = Brakes::default();
    brakes.hurry.cancel();
    let answering = async {
        let outcome = answer(rooms, &ask, &events, &brakes).await;
        drop(events);
        outcome
    };
    let (outcome, ()) = tokio::join!(answering, async { while unheard.recv().await.is_some() {} });
    let mut memory = outcome.memory;
    if memory.errands.open.is_some() {
        memory.errands.open = rooms.store.open_proposal(session).await?.map(|(id, _)| id);
    }
    Ok(memory)
}
