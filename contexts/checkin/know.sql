-- @name know_performance
insert into performances (performance_id, revision, event_id, organization_id)
values (:performance_id, :revision, :event_id, :organization_id)
on conflict (performance_id) do update
set revision = excluded.revision, event_id = excluded.event_id, organization_id = excluded.organization_id
where performances.revision < excluded.revision

-- @name know_tickets
-- Fills in the details of a ticket that was revoked before it was known; known tickets stay as they are.
insert into tickets (ticket_id, code_id, booking_id, performance_id, event_id, organization_id, seat_id, seat_label, tier_id,
  tier_name, holder_first_name, holder_last_name, revoked_at)
select ticket_id, code_id, booking_id, performance_id, event_id, organization_id, seat_id, seat_label, tier_id, tier_name,
  holder_first_name, holder_last_name, case when is_void then clock_timestamp() end
from unnest(:ticket_ids::text[], :code_ids::uuid[], :booking_ids::text[], :performance_ids::text[], :event_ids::text[],
  :organization_ids::text[], :seat_ids::text[], :seat_labels::text[], :tier_ids::text[], :tier_names::text[],
  :holder_first_names::text[], :holder_last_names::text[], :are_void::boolean[])
  as news (ticket_id, code_id, booking_id, performance_id, event_id, organization_id, seat_id, seat_label, tier_id, tier_name,
    holder_first_name, holder_last_name, is_void)
order by ticket_id
on conflict (ticket_id) do update set
  code_id = excluded.code_id, performance_id = excluded.performance_id, event_id = excluded.event_id,
  organization_id = excluded.organization_id, seat_id = excluded.seat_id, seat_label = excluded.seat_label,
  tier_id = excluded.tier_id, tier_name = excluded.tier_name, holder_first_name = excluded.holder_first_name,
  holder_last_name = excluded.holder_last_name
where tickets.code_id is null

-- @name void_tickets
-- The booking is cancelled, whether or not the ticket was used: unlike revoke_tickets this follows an event
-- and cannot refuse.
insert into tickets (ticket_id, booking_id, revoked_at)
select id, :booking_id, clock_timestamp() from unnest(:ticket_ids::text[]) as given (id)
order by id
on conflict (ticket_id) do update set revoked_at = coalesce(tickets.revoked_at, excluded.revoked_at)
