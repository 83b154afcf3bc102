-- The bank had not decided on a dispute when the refund was promised: it is paid when the dispute is won.
alter table cancellations add column waits_for_dispute boolean not null default false;
create index cancellations_unrefunded on cancellations (requested_at) where refunded_at is null and reason = 'event-cancelled';

-- A performance that does not take place: what is still to be done for it, and how far that is.
create table event_cancellations (
  performance_no int primary key references performances (performance_no),
  -- Confirmed bookings when the event was cancelled.
  bookings int not null,
  bookings_cancelled int not null default 0,
  holds_released int not null default 0,
  refunds_requested int not null default 0,
  refund_total bigint not null default 0,
  requested_at timestamptz not null default now(),
  -- Every hold released, every booking cancelled and its refund reserved.
  finished_at timestamptz
);
create index event_cancellations_unfinished on event_cancellations (requested_at) where finished_at is null;
insert into event_cancellations (performance_no, bookings)
select p.performance_no, (select count(*) from bookings b where b.performance_no = p.performance_no and b.status = 'confirmed')
from performances p where p.status = 'cancelled';
