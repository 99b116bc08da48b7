-- Customers and orders that deeds can change: what was imported beside what it has become, what a customer is looked up by, the
-- ledger, proposals and what came of them, what the shop's own systems are told, calls for a person, and photos as evidence.

alter table customer add column revision bigint not null default 1;
alter table customer add column source text not null default '';
update customer set source = record;

alter table shop_order add column revision bigint not null default 1;
alter table shop_order add column source text not null default '';
update shop_order set source = record;
create index shop_order_customer on shop_order (customer);

create index product_group on product (item_group);

create table customer_key (
  kind text not null check (kind in ('email', 'phone', 'name', 'zip', 'order', 'card')),
  value text not null,
  customer text not null,
  primary key (kind, value, customer)
);
create index customer_key_customer on customer_key (customer);

-- Append only. An order's entries are in the order of its revisions, and of positions within one.
create table ledger (
  id text primary key,
  at_ms bigint not null,
  deed text not null,
  order_id text not null,
  revision bigint not null,
  position bigint not null,
  from_account text not null,
  to_account text not null,
  minor bigint not null check (minor >= 0),
  currency text not null
);
create index ledger_order on ledger (order_id, revision, position);
create index ledger_from on ledger (from_account);
create index ledger_to on ledger (to_account);

create table proposal (
  id text primary key,
  session text not null,
  customer text not null,
  order_id text not null,
  body text not null,
  state text not null check (state in ('open', 'done', 'declined', 'expired', 'refused')),
  created_ms bigint not null,
  expires_ms bigint not null,
  outcome text not null,
  reference text not null
);
create index proposal_session on proposal (session, state);

create table outbox (
  id text primary key,
  topic text not null,
  body text not null,
  created_ms bigint not null,
  attempts bigint not null,
  next_ms bigint not null,
  sent_ms bigint
);
create index outbox_next on outbox (next_ms) where sent_ms is null;

create table handoff (
  id text primary key,
  session text not null,
  customer text not null,
  reason text not null,
  summary text not null,
  state text not null check (state in ('waiting', 'taken', 'closed')),
  created_ms bigint not null
);
create unique index handoff_open on handoff (session) where state <> 'closed';

create table order_photo (
  id text primary key,
  upload text not null,
  order_id text not null,
  item_id text not null,
  at bigint not null,
  score bigint not null,
  session text not null,
  created_ms bigint not null
);
create index order_photo_order on order_photo (order_id);
