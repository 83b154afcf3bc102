-- What each request of a batch draws on quotas: parallel arrays as in hold_batch, requests numbered from 1.
create or replace function draws_of(p_booking_ids text[], p_tiers text[], p_quantities text[])
returns table (request int, booking_id text, quota_no int, quantity int)
language sql stable as $$
  select r.i::int, r.booking_id, q.quota_no, sum(l.quantity)::int
  from unnest(p_booking_ids, p_tiers, p_quantities) with ordinality as r (booking_id, tiers, quantities, i)
  cross join lateral unnest(r.tiers::int[], r.quantities::int[]) as l (tier, quantity)
  join quota_tiers q on q.tier_no = l.tier
  group by r.i, r.booking_id, q.quota_no
$$;
