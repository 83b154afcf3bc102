-- Publishes one `booking.held` per performance and batch: the parts come from the caller, which knows the
-- public ids.
create or replace function announce_held(p_ends timestamptz, p_performances int[], p_event_parts text[]) returns void
language sql as $$
  insert into outbox (topic, key, payload)
  select 'booking.held', p.performance_id,
    ('{"performance_id":"' || p.performance_id || '","expires_at":"'
      || to_char(p_ends at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '","bookings":['
      || string_agg(r.part, ',') || ']}')::json
  from unnest(p_performances, p_event_parts) as r (performance_no, part)
  join performances p using (performance_no)
  group by p.performance_id
$$;
