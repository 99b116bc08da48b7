//! Proposals in; carried out once, whoever confirms and however often; what came of them out.

use super::cases::{lock_customer, put_keys, read, read_case, read_shelf};
use super::ledger::{append, word};
use super::{Store, StoreError, outbox};
use crate::aftersales::{self, Case, Customer, Kind, Order, Policy, Proposal, Refusal, Shelf, Why, record};
use crate::errand::told::customer_keys;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{AnyConnection, Row};

/// A proposal as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposalRow {
    pub id: String,
    pub session: String,
    pub customer: String,
    pub proposal: Proposal,
    pub state: State,
    pub created_ms: i64,
    /// Once it was done or refused.
    pub outcome: Option<Outcome>,
    /// Of a deed that was done: what a person can be told on the phone.
    pub reference: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Open,
    Done,
    Declined,
    Expired,
    Refused,
}

/// What a confirmation has brought about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Done { at_ms: i64 },
    Refused(Refusal),
}

/// A deed that is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    pub proposal: Proposal,
    pub reference: String,
    pub at_ms: i64,
    /// It was done before; this time nothing was.
    pub again: bool,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// No proposal of this conversation.
    #[error("there is no such proposal")]
    Unknown,
    /// The shopper said no, or a newer proposal took its place.
    #[error("the proposal is {0:?}")]
    Closed(State),
    /// The rules do not allow it, or no longer do: said the first time, and again.
    #[error("refused: {0:?}")]
    Refused(Box<Refusal>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Times a deed is tried when somebody else changes the same records.
const TRIES: usize = 3;

impl Store {
    /// The proposal that waits for the shopper's yes.
    pub async fn open_proposal(&self, session: &str) -> Result<Option<(String, Proposal)>, StoreError> {
        let row = sqlx::query("select id, body from proposal where session = $1 and state = 'open' order by id desc limit 1")
            .bind(session)
            .fetch_optional(self.reader())
            .await
            .map_err(StoreError::of)?;
        row.map(|r| Ok((r.get(0), read("proposal", &r.get::<String, _>(1))?))).transpose().map_err(StoreError::of)
    }

    /// The shopper has said no. One that was confirmed stays what it has become.
    pub async fn decline(&self, id: &str, session: &str) -> Result<(), StoreError> {
        let mut connection = self.writer().acquire().await.map_err(StoreError::of)?;
        close(&mut connection, id, session, State::Declined).await.map_err(StoreError::of)
    }

    pub async fn proposal(&self, id: &str) -> Result<Option<ProposalRow>, StoreError> {
        let mut connection = self.reader().acquire().await.map_err(StoreError::of)?;
        read_proposal(&mut connection, id).await.map_err(StoreError::of)
    }

    /// Does what the shopper has said yes to, in one transaction: case, ledger, the word to the shop's systems and the proposal's
    /// outcome are all written, or nothing is. Said again, it gives the same outcome and does nothing.
    ///
    /// # Errors
    /// `NotDone`: the refusal is stored too, and the same whenever it is asked for.
    pub async fn carry_out(&self, id: &str, session: &str, policy: &Policy, now_ms: i64) -> Result<Done, NotDone> {
        let mut last = None;
        for _ in 0..TRIES {
            match self.attempt(id, session, policy, now_ms).await {
                Ok(Some(result)) => return result,
                Ok(None) => {}
                Err(error) if is_clash(&error) => last = Some(error),
                Err(error) => return Err(StoreError::of(error).into()),
            }
        }
        let error = last.unwrap_or_else(|| sqlx::Error::Protocol("the order is being changed by somebody else again and again".into()));
        Err(StoreError::of(error).into())
    }

    /// `None` when a record was changed under way; then nothing was written.
    async fn attempt(&self, id: &str, session: &str, policy: &Policy, now_ms: i64) -> Result<Option<Result<Done, NotDone>>, sqlx::Error> {
        let mut transaction = self.writer().begin().await?;
        // A write first: from here on nobody else can carry out this proposal. On PostgreSQL they wait for this row, on SQLite for the
        // only writer; what they then find is the outcome.
        let claimed =
            sqlx::query("update proposal set state = 'done' where id = $1 and session = $2 and state = 'open' returning customer, body")
                .bind(id)
                .bind(session)
                .fetch_optional(&mut *transaction)
                .await?;
        let Some(row) = claimed else {
            let row = read_proposal(&mut transaction, id).await?.filter(|r| r.session == session);
            return Ok(Some(settled(row)));
        };
        let proposal: Proposal = read("proposal", &row.get::<String, _>(1))?;
        let done = match lock_customer(&mut transaction, &row.get::<String, _>(0)).await? {
            Some(customer) => {
                let was = read_case(&mut transaction, customer).await?;
                let shelf = shelf_for(&mut transaction, &was, &proposal).await?;
                let mut now = was.clone();
                aftersales::carry_out(&mut now, &shelf, policy, &proposal, now_ms).map(|entries| (was, now, entries))
            }
            None => Err(Refusal { why: Why::UnknownCustomer, clause: proposal.terms.clause.clone() }),
        };
        let reference = reference(id);
        let (state, outcome, result) = match done {
            Ok((was, now, entries)) => {
                let Some(order) = write_case(&mut transaction, &was, &now).await? else { return Ok(None) };
                let revision = proposal.deed.order().and_then(|id| now.order(id)).map_or(now.customer.revision, |o| o.revision);
                append(&mut transaction, revision, &entries).await?;
                let body = json!({"proposal": id, "reference": reference, "at_ms": now_ms, "customer": now.customer.id,
                    "deed": proposal.deed, "terms": proposal.terms, "order": order});
                outbox::tell(&mut transaction, topic(proposal.deed.kind()), &body.to_string(), now_ms).await?;
                let done = Done { proposal, reference: reference.clone(), at_ms: now_ms, again: false };
                (State::Done, Outcome::Done { at_ms: now_ms }, Ok(done))
            }
            Err(refusal) => {
                let state = if refusal.why == Why::Expired { State::Expired } else { State::Refused };
                (state, Outcome::Refused(refusal.clone()), Err(NotDone::Refused(Box::new(refusal))))
            }
        };
        sqlx::query("update proposal set state = $2, outcome = $3, reference = $4 where id = $1")
            .bind(id)
            .bind(word(&state))
            .bind(json!(outcome).to_string())
            .bind(if state == State::Done { reference.as_str() } else { "" })
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Some(result))
    }
}

/// A new proposal closes the older one of its conversation: one yes, one thing that is done.
pub(super) async fn put(
    connection: &mut AnyConnection,
    id: &str,
    session: &str,
    customer: &str,
    proposal: &Proposal,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update proposal set state = case when expires_ms < $2 then 'expired' else 'declined' end where session = $1 and state = 'open'",
    )
    .bind(session)
    .bind(now_ms)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "insert into proposal (id, session, customer, order_id, body, state, created_ms, expires_ms, outcome, reference) \
         values ($1, $2, $3, $4, $5, 'open', $6, $7, '', '')",
    )
    .bind(id)
    .bind(session)
    .bind(customer)
    .bind(proposal.deed.order().unwrap_or(""))
    .bind(json!(proposal).to_string())
    .bind(now_ms)
    .bind(proposal.expires_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// Closes a proposal that is still open. One that was confirmed stays what it has become.
pub(super) async fn close(connection: &mut AnyConnection, id: &str, session: &str, state: State) -> Result<(), sqlx::Error> {
    sqlx::query("update proposal set state = $3 where id = $1 and session = $2 and state = 'open'")
        .bind(id)
        .bind(session)
        .bind(word(&state))
        .execute(connection)
        .await?;
    Ok(())
}

/// What a proposal that is no longer open has come to.
fn settled(row: Option<ProposalRow>) -> Result<Done, NotDone> {
    let row = row.ok_or(NotDone::Unknown)?;
    match (row.outcome, row.reference) {
        (Some(Outcome::Done { at_ms }), Some(reference)) => Ok(Done { proposal: row.proposal, reference, at_ms, again: true }),
        (Some(Outcome::Refused(refusal)), _) => Err(NotDone::Refused(Box::new(refusal))),
        _ => Err(NotDone::Closed(row.state)),
    }
}

async fn read_proposal(connection: &mut AnyConnection, id: &str) -> Result<Option<ProposalRow>, sqlx::Error> {
    let row = sqlx::query("select id, session, customer, body, state, created_ms, outcome, reference from proposal where id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (outcome, reference): (String, String) = (row.get(6), row.get(7));
    Ok(Some(ProposalRow {
        id: row.get(0),
        session: row.get(1),
        customer: row.get(2),
        proposal: read("proposal", &row.get::<String, _>(3))?,
        state: read("state", &json!(row.get::<String, _>(4)).to_string())?,
        created_ms: row.get(5),
        outcome: (!outcome.is_empty()).then(|| read("outcome", &outcome)).transpose()?,
        reference: (!reference.is_empty()).then_some(reference),
    }))
}

/// The variants the deed can name: those of its own order's products.
async fn shelf_for(connection: &mut AnyConnection, case: &Case, proposal: &Proposal) -> Result<Shelf, sqlx::Error> {
    match proposal.deed.order().and_then(|id| case.order(id)) {
        Some(order) => read_shelf(connection, std::slice::from_ref(order)).await,
        None => Ok(Shelf::new()),
    }
}

/// Writes what differs; `None` when a record is no longer what was read. Gives the order that was changed as it is now.
async fn write_case(connection: &mut AnyConnection, was: &Case, now: &Case) -> Result<Option<Value>, sqlx::Error> {
    let mut changed = Value::Null;
    for (was, now) in was.orders.iter().zip(&now.orders).filter(|(was, now)| was != now) {
        let Some(record) = write_order(connection, was, now).await? else { return Ok(None) };
        changed = record;
    }
    if was.customer != now.customer && !write_customer(connection, &was.customer, &now.customer).await? {
        return Ok(None);
    }
    Ok(Some(changed))
}

async fn write_order(connection: &mut AnyConnection, was: &Order, now: &Order) -> Result<Option<Value>, sqlx::Error> {
    let row = sqlx::query("select record from shop_order where id = $1").bind(&was.id).fetch_one(&mut *connection).await?;
    let raw: Value = read("order", &row.get::<String, _>(0))?;
    let record = record::rewritten(&raw, &json!(was), &json!(now));
    let done = sqlx::query("update shop_order set status = $3, record = $4, revision = $5 where id = $1 and revision = $2")
        .bind(&was.id)
        .bind(was.revision)
        .bind(word(&now.status))
        .bind(record.to_string())
        .bind(now.revision)
        .execute(connection)
        .await?;
    Ok((done.rows_affected() == 1).then_some(record))
}

async fn write_customer(connection: &mut AnyConnection, was: &Customer, now: &Customer) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("select record from customer where id = $1").bind(&was.id).fetch_one(&mut *connection).await?;
    let raw: Value = read("customer", &row.get::<String, _>(0))?;
    let record = record::rewritten(&raw, &json!(was), &json!(now)).to_string();
    let done = sqlx::query("update customer set record = $3, revision = $4 where id = $1 and revision = $2")
        .bind(&was.id)
        .bind(was.revision)
        .bind(record)
        .bind(now.revision)
        .execute(&mut *connection)
        .await?;
    if was.address != now.address {
        put_keys(connection, &now.id, &customer_keys(now)).await?;
    }
    Ok(done.rows_affected() == 1)
}

/// Short enough to be read out; from the random end of the id.
fn reference(id: &str) -> String {
    let letters: Vec<char> = id.chars().filter(char::is_ascii_alphanumeric).collect();
    let end: String = letters[letters.len().saturating_sub(8)..].iter().collect();
    format!("R-{}", end.to_ascii_uppercase())
}

fn topic(kind: Kind) -> &'static str {
    match kind {
        Kind::Cancel => "order.cancelled",
        Kind::ModifyAddress => "order.address_changed",
        Kind::ModifyPayment => "order.payment_changed",
        Kind::ModifyItems => "order.items_changed",
        Kind::Return => "order.return_requested",
        Kind::Exchange => "order.exchange_requested",
        Kind::ModifyProfile => "customer.address_changed",
    }
}

/// Two transactions got in each other's way; the same again may succeed. PostgreSQL: serialization failure, deadlock; SQLite: busy.
fn is_clash(error: &sqlx::Error) -> bool {
    let Some(error) = error.as_database_error() else { return false };
    let code = error.code();
    ["40001", "40P01", "5", "517"].iter().any(|clash| code.as_deref() == Some(*clash))
}
