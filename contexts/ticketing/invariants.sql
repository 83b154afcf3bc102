-- Each statement reads the keys from :from to :to; the blocks of keys say what there is to go through
-- (platform/invariants).

-- @name booking_keys
select booking_id as key from ticketing.tickets

-- @name seat_keys
select performance_id as key from ticketing.tickets where status = 'active' and seat_no is not null

-- @name tickets_complete
-- The tickets of a booking are numbered 1, 2, … without a gap, and all of them are active or none is.
select booking_id, count(*) as tickets, max(position) as last_position, count(*) filter (where status = 'active') as active
from ticketing.tickets
where booking_id between :from and :to
group by booking_id
having count(*) <> max(position) or count(*) filter (where status = 'active') not in (0, count(*))

-- @name one_active_ticket_a_seat
-- A resold seat may have two for a moment: the events of its cancellation and of its sale are not ordered.
select performance_id, seat_no, count(*) as tickets
from ticketing.tickets
where performance_id between :from and :to and status = 'active' and seat_no is not null
group by performance_id, seat_no
having count(*) > 1 and max(issued_at) < now() - interval '30 seconds'

-- @name no_active_ticket_of_a_cancelled_booking
select t.ticket_id, t.booking_id
from ticketing.tickets t
join ticketing.bookings b using (booking_id)
where t.booking_id between :from and :to and t.status = 'active' and b.cancelled_at is not null

-- @name every_ticket_can_be_signed
select t.ticket_id, t.key_id
from ticketing.tickets t
left join ticketing.signing_keys k using (key_id)
where t.booking_id between :from and :to and k.key_id is null

-- @name tickets_belong_to_their_organization
select t.ticket_id, t.organization_id, p.organization_id as organization_of_performance
from ticketing.tickets t
join ticketing.performances p using (performance_id)
where t.booking_id between :from and :to
  and (t.organization_id, t.event_id) is distinct from (p.organization_id, p.event_id)
