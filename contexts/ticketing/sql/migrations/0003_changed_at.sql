-- When a ticket, or what it says about its performance, changed last: the DTSTAMP of its calendar entry.
alter table performances add column changed_at timestamptz not null default now();

create or replace view ticket_details as
select t.ticket_id, t.booking_id, t.position, t.performance_id, t.event_id, t.organization_id, t.user_id,
  t.seat_no, t.seat_id, t.seat_label, t.tier_id, t.tier_name, t.holder_first_name, t.holder_last_name,
  t.code_id, t.key_id, t.status, t.issued_at,
  (select count(*)::int from tickets all_of where all_of.booking_id = t.booking_id) as tickets_of_booking,
  p.revision, p.chart_id, p.title, p.genre, p.start_time, p.end_time, p.doors_time,
  p.venue_id, p.venue_name, p.venue_address, p.venue_city, p.venue_country, p.time_zone,
  greatest(t.issued_at, t.voided_at, p.changed_at) as changed_at
from tickets t
join performances p using (performance_id);
