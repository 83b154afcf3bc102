-- Performances of cancelled events, known to booking or not: a cancellation may be delivered before the publication.
create table cancelled_performances (
  performance_id text primary key,
  cancelled_at timestamptz not null default now()
);
insert into cancelled_performances (performance_id) select performance_id from performances where status = 'cancelled';
