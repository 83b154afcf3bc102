-- Makes tickets unusable at the door, all or none. Returns the ids of admitted tickets: then nothing was
-- revoked. A ticket that check-in does not know yet is revoked too: its row waits for the details.
-- Idempotent.
create or replace function revoke_tickets(booking text, ticket_ids text[]) returns text[] language plpgsql as $$
declare
  inside text[];
begin
  -- The same locks in the same order as a scan takes them: exactly one of the two comes first.
  perform from tickets where ticket_id = any (ticket_ids) order by ticket_id for no key update;
  select array_agg(ticket_id order by ticket_id) into inside
  from tickets where ticket_id = any (ticket_ids) and admitted_at is not null;
  if inside is not null then
    return inside;
  end if;

  insert into tickets (ticket_id, booking_id, revoked_at)
  select id, booking, clock_timestamp() from unnest(ticket_ids) as given (id)
  order by id
  on conflict (ticket_id) do update set revoked_at = coalesce(tickets.revoked_at, excluded.revoked_at);

  -- A ticket that is admitted now became known and was scanned after the lock above: start over.
  if exists (select from tickets where ticket_id = any (ticket_ids) and admitted_at is not null) then
    raise exception 'a ticket was admitted while it was being revoked' using errcode = 'serialization_failure';
  end if;
  return '{}';
end $$;
