-- The first tier of which one person would exceed the limit, counting what they have bought or on hold of
-- that tier; null when there is none. Lines are parallel arrays; a null limit counts nothing.
create or replace function tier_over_person_limit(
  p_owner text, p_performance int, p_tiers int[], p_quantities int[], p_person_limits int[], p_now timestamptz
) returns int
language sql stable as $$
  with wanted as (
    select l.tier, sum(l.quantity) as quantity, min(l.person_limit) as person_limit
    from unnest(p_tiers, p_quantities, p_person_limits) as l (tier, quantity, person_limit)
    where l.person_limit is not null
    group by l.tier
  ), has as (
    select l.tier, sum(l.quantity) as quantity
    from bookings b cross join lateral unnest(b.line_tiers, b.line_quantities) as l (tier, quantity)
    where b.owner_id = p_owner and b.performance_no = p_performance
      and (b.status = 'confirmed' or (b.status = 'held' and b.expires_at > p_now))
    group by l.tier
  )
  select w.tier from wanted w left join has h using (tier)
  where coalesce(h.quantity, 0) + w.quantity > w.person_limit
  order by w.tier limit 1
$$;
