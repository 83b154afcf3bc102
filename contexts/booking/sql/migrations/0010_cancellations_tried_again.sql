-- When an interrupted cancellation of a buyer is driven on: the request that asked has its time first, and what fails comes
-- later and later, so that it holds up no other.
alter table cancellations
  add column tries int not null default 0,
  add column next_try_at timestamptz not null default now() + interval '10 seconds';
create index cancellations_due on cancellations (next_try_at) where refunded_at is null and reason = 'buyer';
