-- A message that is a pressed button: the yes or no to a proposal, as JSON; empty for words.

alter table message add column answer text not null default '';
