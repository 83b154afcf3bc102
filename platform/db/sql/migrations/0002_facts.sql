-- What this installation knows of itself, such as that its demo data is whole.
create table platform.facts (
  name text primary key,
  value jsonb not null,
  since timestamptz not null default now()
);
