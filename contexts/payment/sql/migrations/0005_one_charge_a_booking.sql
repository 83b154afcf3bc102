-- One charge a booking: at most one of its payments may still be paid or has paid for it. Payments from before are left
-- as they are (`sole` false).
alter table payments add column sole boolean not null default false;
alter table payments alter column sole set default true;
create unique index payments_sole on payments (booking_id)
  where sole and (status in ('created', 'processing', 'requires_action', 'failed') or settlement in ('pending', 'confirmed'));

-- The keys of requests that met a payment of their booking which another request had opened.
create table intent_keys (
  user_id text not null,
  idempotency_key text not null,
  body_hash text not null,
  payment_id text not null references payments,
  primary key (user_id, idempotency_key)
);

-- Its event was cancelled before it was paid: the reconciler closes it at the provider.
alter table payments add column event_cancelled_at timestamptz;
