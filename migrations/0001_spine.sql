-- One text for SQLite and PostgreSQL: only text and bigint, flags as checked text, JSON as text, times in UTC milliseconds.

create table setting (
  name text primary key,
  value text not null
);

create table product (
  id text primary key,
  ord bigint not null unique,
  item_group text not null,
  hash text not null,
  record text not null,
  price_minor bigint,
  list_minor bigint,
  currency text not null,
  availability text not null,
  quantity bigint,
  revision bigint not null,
  gone text not null check (gone in ('yes', 'no')),
  updated_ms bigint not null
);
create index product_revision on product (revision);

create table policy (
  id text primary key,
  lang text not null,
  title text not null,
  body text not null,
  revision bigint not null
);

create table customer (
  id text primary key,
  record text not null
);

create table shop_order (
  id text primary key,
  customer text not null,
  status text not null,
  record text not null
);

create table behaviour (
  id text primary key,
  person text not null,
  name text not null,
  product text not null,
  record text not null,
  at_ms bigint not null
);

create table session (
  id text primary key,
  locale text not null,
  channel text not null,
  page text not null,
  created_ms bigint not null
);

create table message (
  session text not null,
  id text not null,
  turn text not null,
  author text not null,
  text text not null,
  uploads text not null,
  created_ms bigint not null,
  primary key (session, id)
);
create index message_turn on message (turn);

create table frame (
  session text not null,
  seq bigint not null,
  turn text not null,
  kind text not null,
  body text not null,
  created_ms bigint not null,
  primary key (session, seq)
);

create table turn (
  id text primary key,
  session text not null,
  evidence text not null,
  timing text not null,
  model text not null,
  finish text not null,
  created_ms bigint not null
);
create index turn_session on turn (session);

create table upload (
  id text primary key,
  kind text not null,
  media_type text not null,
  bytes bigint not null,
  created_ms bigint not null
);

create table rating (
  session text not null,
  id text not null,
  turn text not null,
  score bigint not null,
  comment text not null,
  created_ms bigint not null,
  primary key (session, id)
);
