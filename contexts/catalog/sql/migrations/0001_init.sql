-- What there is to sell: venues, seating charts, events, performances, tiers.
--
-- Tenancy stands twice. First wall: every row carries its organization, and composite foreign keys make a child's
-- organization its parent's. Second wall: row-level security by the transaction-local setting `tessera.organizations`:
--   unset or ''   the public: what has been published, read only
--   'org_a,org_b' those organizations' rows and no others, whatever the statement forgot to say
--   '*'           everything, read only: answers to other contexts

create table venues (
  id text primary key check (id ~ '^ven_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  organization_id text not null,
  name text not null check (char_length(name) between 1 and 200),
  address text not null check (char_length(address) <= 500),
  -- Empty where there is none: online events have venues too.
  city text not null check (char_length(city) <= 100),
  city_key text not null,
  country text not null check (country ~ '^[A-Z]{2}$'),
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  time_zone text not null check (char_length(time_zone) between 1 and 64),
  created_at timestamptz not null default now(),
  constraint a_place_has_both_coordinates check ((latitude is null) = (longitude is null)),
  unique (organization_id, id)
);
create index on venues (organization_id, created_at, id);

-- Immutable: the role may add and read charts, nothing else. Large columns are gzip, made when the chart came in.
create table charts (
  id text primary key check (id ~ '^cht_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  organization_id text not null,
  venue_id text not null,
  name text not null,
  format text not null check (format in ('tessera-chart/1', 'pretix')),
  seat_count int not null check (seat_count between 0 and 80000),
  -- [{name, color, seat_count}] in the chart's order.
  categories jsonb not null,
  -- The body exactly as it was sent.
  document bytea not null,
  -- The normalised chart in columns (packed-chart.ts): its seat order is the seat numbering for ever.
  packed bytea not null,
  -- The seats for people and tools, a JSON list.
  seat_list bytea not null,
  geometry_gzip bytea not null,
  geometry_br bytea not null,
  geometry_tag text not null,
  created_at timestamptz not null default now(),
  unique (organization_id, venue_id, id),
  foreign key (organization_id, venue_id) references venues (organization_id, id)
);
create index on charts (venue_id, created_at, id);
-- Compressed already: a second attempt only costs time.
alter table charts
  alter document set storage external, alter packed set storage external, alter seat_list set storage external,
  alter geometry_gzip set storage external, alter geometry_br set storage external;
revoke update, delete on charts from tessera_catalog;

create table events (
  id text primary key check (id ~ '^evt_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  organization_id text not null,
  -- As it was when the event was made.
  organizer_name text not null,
  venue_id text not null,
  title text not null check (char_length(title) between 1 and 200),
  description text not null check (char_length(description) <= 20000),
  genre text not null check (char_length(genre) between 1 and 50),
  genre_key text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- [{hours_before, percent}], most hours first.
  refund_policy jsonb not null,
  status text not null default 'draft' check (status in ('draft', 'published', 'cancelled')),
  -- Grows with every change of the event, its performances or tiers: the ETag, and what `If-Match` compares.
  version bigint not null default 1 check (version > 0),
  -- Performances or tiers were added that no publication has taken along yet.
  pending boolean not null default true,
  -- Set by the first publication, for ever: from then on the public may know of it.
  published_at timestamptz,
  cancelled_at timestamptz,
  -- The outbox event of the cancellation.
  cancellation_event_id uuid,
  created_at timestamptz not null default now(),
  constraint on_sale_was_published check (status <> 'published' or published_at is not null),
  constraint cancelled_at_a_time check ((status = 'cancelled') = (cancelled_at is not null)),
  unique (organization_id, id, venue_id),
  unique (id, currency),
  foreign key (organization_id, venue_id) references venues (organization_id, id)
);
create index on events (organization_id, created_at, id);
create index on events (venue_id);

create table performances (
  id text primary key check (id ~ '^perf_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  organization_id text not null,
  event_id text not null,
  venue_id text not null,
  -- Null: general admission only.
  chart_id text,
  start_time timestamptz not null,
  end_time timestamptz not null,
  doors_time timestamptz,
  -- The day of `start_time` in the venue's time zone.
  local_date date not null,
  status text not null default 'draft' check (status in ('draft', 'published', 'cancelled')),
  -- How many times it was announced: 0 = never, the public knows nothing of it.
  revision int not null default 0 check (revision >= 0),
  announced_at timestamptz,
  -- The outbox event of the latest announcement.
  announcement_event_id uuid,
  created_at timestamptz not null default now(),
  constraint ends_after_it_starts check (end_time > start_time),
  constraint doors_open_before_the_start check (doors_time <= start_time),
  constraint on_sale_was_announced check (status <> 'published' or revision > 0),
  constraint announced_at_a_time check ((revision > 0) = (announced_at is not null)),
  unique (organization_id, id, event_id),
  -- Same organization, same venue as its event, and a chart of that venue.
  foreign key (organization_id, event_id, venue_id) references events (organization_id, id, venue_id) on update cascade,
  foreign key (organization_id, venue_id, chart_id) references charts (organization_id, venue_id, id)
);
create index on performances (event_id, start_time);
create index on performances (chart_id);
create index on performances (start_time, id) where status = 'published';

create table tiers (
  id text primary key check (id ~ '^tier_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  organization_id text not null,
  event_id text not null,
  performance_id text not null,
  -- Order of creation: of several tariffs on one category the first is the usual one.
  position int not null check (position > 0),
  name text not null check (char_length(name) between 1 and 100),
  amount bigint not null check (amount >= 0),
  currency text not null,
  categories text[] check (cardinality(categories) > 0),
  quantity int check (quantity > 0),
  sale_start timestamptz not null,
  sale_end timestamptz not null,
  min_per_order int not null check (min_per_order > 0),
  max_per_order int not null check (max_per_order >= min_per_order),
  max_per_person int check (max_per_person >= min_per_order),
  -- Null until the publication that took it along: buyers see published tiers only.
  published_at timestamptz,
  created_at timestamptz not null default now(),
  constraint seated_or_general_admission check ((categories is null) <> (quantity is null)),
  constraint sale_ends_after_it_starts check (sale_end > sale_start),
  unique (performance_id, position),
  foreign key (organization_id, performance_id, event_id) references performances (organization_id, id, event_id)
    on delete cascade,
  -- Prices are in the event's one currency.
  foreign key (event_id, currency) references events (id, currency)
);
create index on tiers (event_id);

alter table venues enable row level security;
alter table charts enable row level security;
alter table events enable row level security;
alter table performances enable row level security;
alter table tiers enable row level security;

create policy tenant on venues to tessera_catalog
  using (organization_id = any (string_to_array((select current_setting('tessera.organizations', true)), ',')));
create policy tenant on charts to tessera_catalog
  using (organization_id = any (string_to_array((select current_setting('tessera.organizations', true)), ',')));
create policy tenant on events to tessera_catalog
  using (organization_id = any (string_to_array((select current_setting('tessera.organizations', true)), ',')));
create policy tenant on performances to tessera_catalog
  using (organization_id = any (string_to_array((select current_setting('tessera.organizations', true)), ',')));
create policy tenant on tiers to tessera_catalog
  using (organization_id = any (string_to_array((select current_setting('tessera.organizations', true)), ',')));

create policy public_reads on events for select to tessera_catalog
  using (coalesce((select current_setting('tessera.organizations', true)), '') = '' and published_at is not null);
create policy public_reads on performances for select to tessera_catalog
  using (coalesce((select current_setting('tessera.organizations', true)), '') = '' and revision > 0);
create policy public_reads on tiers for select to tessera_catalog
  using (coalesce((select current_setting('tessera.organizations', true)), '') = '' and published_at is not null);
create policy public_reads on venues for select to tessera_catalog
  using (coalesce((select current_setting('tessera.organizations', true)), '') = ''
    and exists (select from events e where e.venue_id = venues.id and e.published_at is not null));
create policy public_reads on charts for select to tessera_catalog
  using (coalesce((select current_setting('tessera.organizations', true)), '') = ''
    and exists (select from performances p where p.chart_id = charts.id and p.revision > 0));

create policy neighbours_ask on venues for select to tessera_catalog
  using ((select current_setting('tessera.organizations', true)) = '*');
create policy neighbours_ask on charts for select to tessera_catalog
  using ((select current_setting('tessera.organizations', true)) = '*');
create policy neighbours_ask on events for select to tessera_catalog
  using ((select current_setting('tessera.organizations', true)) = '*');
create policy neighbours_ask on performances for select to tessera_catalog
  using ((select current_setting('tessera.organizations', true)) = '*');
create policy neighbours_ask on tiers for select to tessera_catalog
  using ((select current_setting('tessera.organizations', true)) = '*');

create policy auditor_reads on venues for select to tessera_auditor using (true);
create policy auditor_reads on charts for select to tessera_auditor using (true);
create policy auditor_reads on events for select to tessera_auditor using (true);
create policy auditor_reads on performances for select to tessera_auditor using (true);
create policy auditor_reads on tiers for select to tessera_auditor using (true);
