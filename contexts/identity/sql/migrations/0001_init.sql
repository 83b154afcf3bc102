-- Who someone is, how they prove it, and where they belong.

create table users (
  id text primary key check (id ~ '^usr_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  -- In its one normal form (trimmed, NFC, lower case), so that unique means one account an address.
  email text unique check (char_length(email) <= 254 and email ~ '^[^[:space:]@]+@[^[:space:]@]+$'),
  first_name text check (char_length(first_name) between 1 and 1000),
  last_name text check (char_length(last_name) <= 1000),
  role text not null check (role in ('guest', 'attendee', 'admin')),
  created_at timestamptz not null default now(),
  constraint guests_are_nameless check ((role = 'guest') = (email is null)),
  constraint accounts_have_a_name check (role = 'guest' or (first_name is not null and last_name is not null))
);

create table credentials (
  user_id text primary key references users on delete cascade,
  password_hash text not null check (password_hash ~ '^\$(argon2id\$v=19\$|2[abxy]\$)'),
  changed_at timestamptz not null default now()
);

create table organizations (
  id text primary key check (id ~ '^org_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  name text not null check (char_length(name) between 1 and 200),
  created_by text not null references users,
  created_at timestamptz not null default now()
);
create index on organizations (created_by);

create table memberships (
  organization_id text not null references organizations,
  user_id text not null references users,
  role text not null check (role in ('organizer', 'box_office', 'staff')),
  -- Null: all events of the organization.
  event_ids text[] check (cardinality(event_ids) between 1 and 200),
  created_at timestamptz not null default now(),
  primary key (organization_id, user_id)
);
create index on memberships (user_id);

-- One log-in on one device; also the family of its refresh tokens.
create table sessions (
  id text primary key check (id ~ '^ses_[0-7][0-9a-hjkmnp-tv-z]{25}$'),
  user_id text not null references users on delete cascade,
  ip text not null,
  user_agent text check (char_length(user_agent) <= 300),
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at),
  revoked_at timestamptz,
  revoked_because text check (revoked_because in ('logout', 'revoked', 'refresh-reuse')),
  constraint revoked_for_a_reason check ((revoked_at is null) = (revoked_because is null))
);
create index on sessions (user_id, last_used_at);
create index on sessions (expires_at);
create index on sessions (revoked_at) where revoked_at is not null;

-- Refresh tokens by their SHA-256. A used one stays, so that its second use is known as theft.
create table refresh_tokens (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  session_id text not null references sessions on delete cascade,
  generation int not null check (generation >= 0),
  issued_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > issued_at),
  used_at timestamptz,
  unique (session_id, generation)
);
create unique index one_unused_token_a_session on refresh_tokens (session_id) where used_at is null;
create index on refresh_tokens (expires_at);

-- Devices that have signed in to an account: they get in while strangers are made to wait.
create table known_devices (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  user_id text not null references users on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index on known_devices (user_id, expires_at);

-- Failed log-ins by account and source. The account is a hash of the address that was typed, known to us or not.
create table login_failures (
  account bytea not null check (octet_length(account) = 32),
  source text not null,
  failures int not null check (failures > 0),
  last_failed_at timestamptz not null,
  blocked_until timestamptz,
  primary key (account, source)
);
create index on login_failures (source, last_failed_at);
create index on login_failures (last_failed_at);

-- Accounts and guests made from one source in one window of time.
create table source_quotas (
  source text not null,
  action text not null check (action in ('register', 'guest')),
  window_start timestamptz not null,
  used int not null check (used > 0),
  primary key (source, action, window_start)
);
create index on source_quotas (window_start);

-- Keys of access tokens. The newest whose `signs_from` has come signs; the private half is sealed by the installation's secret.
create table signing_keys (
  kid text primary key,
  public_key json not null,
  sealed_private_key text not null,
  published_at timestamptz not null,
  signs_from timestamptz not null unique,
  constraint published_before_it_signs check (signs_from >= published_at)
);
