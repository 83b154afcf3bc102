-- What bookings draw on quotas, by their lines.
create or replace function draws_of_bookings(p_booking_ids text[])
returns table (booking_id text, quota_no int, quantity int)
language sql stable as $$
  select b.booking_id, q.quota_no, sum(l.quantity)::int
  from bookings b
  cross join lateral unnest(b.line_tiers, b.line_quantities) as l (tier, quantity)
  join quota_tiers q on q.tier_no = l.tier
  where b.booking_id = any (p_booking_ids)
  group by b.booking_id, q.quota_no
$$;
