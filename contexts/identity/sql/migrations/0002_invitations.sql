-- Rights offered to an address. Whoever proves that it is theirs and has the link takes them; only its hash is stored.
create table invitations (
  invitation_id text primary key,
  organization_id text not null references organizations,
  token_hash bytea not null unique,
  email text not null,
  role text not null check (role in ('organizer', 'box_office', 'staff')),
  event_ids text[] check (cardinality(event_ids) between 1 and 200),
  invited_by text not null references users,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_by text references users,
  accepted_at timestamptz,
  check ((accepted_by is null) = (accepted_at is null))
);
create index on invitations (organization_id) where accepted_at is null;
