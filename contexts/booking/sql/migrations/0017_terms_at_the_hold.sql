-- The refund terms of each revision of a performance; a booking names the revision that it was held under. Bookings of
-- before name none: for them the present terms count.
create table performance_terms (
  performance_no int not null references performances (performance_no),
  revision int not null,
  start_time timestamptz not null,
  refund_policy json not null,
  primary key (performance_no, revision)
);
insert into performance_terms (performance_no, revision, start_time, refund_policy)
select performance_no, revision, start_time, refund_policy from performances;

alter table bookings add column revision int;
