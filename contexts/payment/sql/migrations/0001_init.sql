-- Money's way: what was asked for, what the provider says came of it, what it means in the books.

-- Every state change a payment may make. The history refers to it, so that no code can take another way.
create table payment_transitions (
  from_status text not null,
  to_status text not null,
  primary key (from_status, to_status)
);
insert into payment_transitions (from_status, to_status) values
  ('new', 'created'),
  ('created', 'processing'), ('created', 'requires_action'), ('created', 'succeeded'), ('created', 'failed'), ('created', 'cancelled'),
  ('processing', 'requires_action'), ('processing', 'succeeded'), ('processing', 'failed'), ('processing', 'cancelled'),
  ('requires_action', 'processing'), ('requires_action', 'succeeded'), ('requires_action', 'failed'), ('requires_action', 'cancelled'),
  -- A declined card is not the end: the same intent may be tried with another.
  ('failed', 'processing'), ('failed', 'requires_action'), ('failed', 'succeeded'), ('failed', 'cancelled'),
  ('succeeded', 'partially_refunded'), ('succeeded', 'refunded'), ('succeeded', 'disputed'),
  ('partially_refunded', 'refunded'), ('partially_refunded', 'disputed'),
  -- The buyer's bank sent a refund back.
  ('refunded', 'partially_refunded'), ('refunded', 'succeeded'), ('partially_refunded', 'succeeded'),
  ('refunded', 'disputed'),
  -- A dispute was won.
  ('disputed', 'succeeded'), ('disputed', 'partially_refunded'), ('disputed', 'refunded');

create table payments (
  id text primary key,
  booking_id text not null,
  user_id text not null,
  organization_id text not null,
  event_id text not null,
  provider text not null check (provider in ('stripe')),
  -- The provider's id of the intent; null until its answer to the creation is recorded.
  provider_ref text,
  client_secret text,
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  description text not null,
  status text not null default 'created',
  captured bigint not null default 0 check (captured >= 0),
  refunded bigint not null default 0 check (refunded >= 0),
  -- Reserved for refunds whose outcome is not known yet.
  refund_pending bigint not null default 0 check (refund_pending >= 0),
  -- What the provider kept; null while it has not said.
  fee bigint,
  -- Null before the money came; then what booking said to it. 'pending' must not last.
  settlement text check (settlement in ('pending', 'confirmed', 'seats-gone', 'paid-otherwise', 'amount-mismatch', 'unknown-booking')),
  settled_at timestamptz,
  succeeded_at timestamptz,
  holder_email text,
  holder_first_name text,
  holder_last_name text,
  return_url text,
  hold_expires_at timestamptz not null,
  -- The request that made it, as it bound its key.
  idempotency_key text,
  body_hash text,
  -- When the reconciler looks at it again; null = nothing stands in between.
  next_check_at timestamptz default now() + interval '30 seconds',
  checks int not null default 0,
  -- Why the provider's object cannot be ours as it is: for people to look at.
  trouble text,
  created_at timestamptz not null default now(),
  check (refunded + refund_pending <= captured),
  check ((status in ('created', 'processing', 'requires_action', 'failed', 'cancelled')) = (captured = 0)),
  check ((settlement is null) = (captured = 0)),
  check (settlement <> 'pending' or settled_at is null),
  unique (provider, provider_ref),
  unique (user_id, idempotency_key)
);
create index on payments (booking_id);
create index payments_due on payments (next_check_at) where next_check_at is not null;

-- Written by trigger alone; append-only.
create table payment_history (
  payment_id text not null,
  seq bigint generated always as identity,
  from_status text not null,
  to_status text not null,
  at timestamptz not null default now(),
  primary key (payment_id, seq),
  foreign key (from_status, to_status) references payment_transitions
);

-- One try to confirm a payment with one payment method: the intention, written before the provider is asked.
create table confirm_attempts (
  payment_id text not null references payments,
  -- Part of the key under which the provider knows this try.
  attempt bigint generated always as identity,
  owner text not null,
  idempotency_key text not null,
  body_hash text not null,
  payment_method text not null,
  -- The answer as it was given, from then on the answer to this key. Null while the outcome is open.
  answer_status int,
  answer json,
  created_at timestamptz not null default now(),
  primary key (owner, idempotency_key)
);
create index on confirm_attempts (payment_id);

create table refunds (
  id text primary key,
  payment_id text not null references payments,
  amount bigint not null check (amount > 0),
  currency text not null,
  reason text not null check (reason in ('late-payment', 'duplicate-payment', 'cancellation', 'event-cancelled', 'requested')),
  note text,
  -- What asked for it ('settlement', a cancellation's id, a request's key): one cause, one refund.
  cause text not null,
  status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
  provider_ref text unique,
  error text,
  -- Counts refusals that were taken back up: each new try needs a new key at the provider.
  round int not null default 0,
  body_hash text,
  next_check_at timestamptz default now() + interval '15 seconds',
  checks int not null default 0,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  check ((status = 'pending') = (next_check_at is not null)),
  unique (payment_id, cause)
);
create index refunds_due on refunds (next_check_at) where next_check_at is not null;

-- The provider's disputes as last seen.
create table disputes (
  provider_ref text primary key,
  payment_id text not null references payments,
  amount bigint not null check (amount > 0),
  fee bigint not null check (fee >= 0),
  currency text not null,
  status text not null check (status in ('open', 'won', 'lost')),
  created_at timestamptz not null default now(),
  closed_at timestamptz
);
create index on disputes (payment_id);

-- What providers told us, as they told it. One row an event: whoever tells it again tells nothing new.
create table webhook_events (
  provider text not null,
  event_id text not null,
  type text not null,
  -- The provider's ids it speaks of, and our payment's id if the object carried it.
  intent_ref text,
  refund_ref text,
  dispute_ref text,
  payment_hint text,
  payload text not null,
  source text not null check (source in ('delivery', 'poll')),
  -- 'parked' = speaks of something we do not know (yet).
  state text not null default 'received' check (state in ('received', 'parked', 'done')),
  tries int not null default 0,
  next_at timestamptz not null default now(),
  received_at timestamptz not null default now(),
  done_at timestamptz,
  primary key (provider, event_id),
  check ((state = 'done') = (done_at is not null))
);
create index webhook_events_due on webhook_events (next_at) where state <> 'done';

-- Up to which second the provider's own list of events has been read.
create table provider_cursors (
  provider text primary key,
  read_until timestamptz not null
);

-- Double entry. A journal is one movement of money; its entries sum to zero. Debits are positive, credits negative.
create table ledger_journals (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('capture', 'provider-fee', 'refund', 'late-refund', 'refund-returned', 'dispute', 'dispute-won')),
  -- The payment, refund or dispute that moved it: a movement is booked once.
  source_id text not null,
  payment_id text not null references payments,
  organization_id text not null,
  provider text not null,
  currency text not null,
  xid xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null default now(),
  unique (kind, source_id)
);
create index on ledger_journals (payment_id);

create table ledger_entries (
  journal_id bigint not null references ledger_journals,
  account text not null check (account in ('provider_cash', 'provider_fees', 'organizer_payable', 'refunds', 'disputes')),
  amount bigint not null check (amount <> 0),
  xid xid8 not null default pg_current_xact_id(),
  primary key (journal_id, account)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete on ledger_journals for each row execute function refuse_change();
create trigger append_only before update or delete on ledger_entries for each row execute function refuse_change();
create trigger append_only before update or delete on payment_history for each row execute function refuse_change();
revoke update, delete, truncate on ledger_journals, ledger_entries, payment_history from tessera_payment;
revoke insert, update, delete, truncate on payment_transitions from tessera_payment;

-- At commit, once a journal: nothing unbalanced or empty can ever be committed.
create function check_journal_balances() returns trigger language plpgsql as $$
declare
  difference bigint;
begin
  select sum(amount) into difference from ledger_entries where journal_id = new.id;
  if difference is null then
    raise exception 'journal % has no lines', new.id using errcode = 'check_violation';
  end if;
  if difference <> 0 then
    raise exception 'journal % is off by %', new.id, difference using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger balanced after insert on ledger_journals
  deferrable initially deferred for each row execute function check_journal_balances();

-- The check above sees all lines, because none can come in a later transaction than their journal.
create function refuse_late_lines() returns trigger language plpgsql as $$
begin
  if exists (
    select from added join ledger_journals journals on journals.id = added.journal_id
    where journals.xid <> pg_current_xact_id()
  ) then
    raise exception 'a journal is written in one transaction' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger in_time after insert on ledger_entries referencing new table as added
  for each statement execute function refuse_late_lines();

create function note_payment_status() returns trigger language plpgsql as $$
begin
  insert into payment_history (payment_id, from_status, to_status)
  values (new.id, case tg_op when 'INSERT' then 'new' else old.status end, new.status);
  return null;
end $$;
create trigger noted after insert on payments for each row execute function note_payment_status();
create trigger noted_change after update of status on payments for each row
  when (old.status is distinct from new.status) execute function note_payment_status();
