-- Where an import waits, in short transactions, until it becomes the catalogue in one; and the policies' own change counter.

create table staged_product (
  import text not null,
  position bigint not null,
  begun_ms bigint not null,
  id text not null,
  item_group text not null,
  hash text not null,
  record text not null,
  price_minor bigint,
  list_minor bigint,
  currency text not null,
  availability text not null,
  quantity bigint,
  gone text not null check (gone in ('yes', 'no')),
  primary key (import, position)
);
