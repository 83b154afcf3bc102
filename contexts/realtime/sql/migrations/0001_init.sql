-- What a reader of seat states needs to know of a performance; from catalog.performance_published.
create table performances (
  performance_id text primary key,
  event_id text not null,
  revision int not null,
  chart_id text,
  currency text not null,
  status text not null default 'published' check (status in ('published', 'cancelled')),
  tiers json not null
);
create index on performances (event_id);

-- The state now: a byte a seat (low two bits the state, the others the tier's place in tier_ids), places by tier.
create table seat_states (
  performance_id text primary key,
  version bigint not null default 0,
  seats bytea not null default '',
  tier_ids text[] not null default '{}',
  places jsonb not null default '{}'
);

-- What each version changed: {"seat number": state}. Kept a while for those who resume.
create table seat_changes (
  performance_id text not null,
  version bigint not null,
  changes json not null,
  at timestamptz not null default now(),
  primary key (performance_id, version)
);
create index on seat_changes using brin (at);
