-- Holds on general admission: each counter is updated once a batch. Requests are served in order of arrival;
-- each takes all its tiers or none. Locks in the order of the README: performances, persons, counters by
-- tier. Before a tier refuses, its expired holds are reaped, so expiry is exact. Rows out as in hold_batch;
-- `unavailable` has the tier_no whose quantity was insufficient, or whose limit per person would be exceeded.
create or replace function hold_ga_batch(
  p_hold_seconds int, p_booking_ids text[], p_owners text[], p_keys text[], p_hashes text[], p_performances int[],
  p_revisions int[], p_tiers text[], p_quantities text[], p_prices text[], p_totals bigint[], p_person_limits text[], p_event_parts text[]
) returns table (db_now timestamptz, ends_at timestamptz, request int, kind text, unavailable int[])
language plpgsql as $$
declare
  v_now timestamptz;
  v_ends timestamptz;
  v_free jsonb := '{}';
  v_taken jsonb := '{}';
  v_won boolean[] := array_fill(false, array[cardinality(p_booking_ids)]);
  v_tier_nos int[] := array(select distinct x from unnest(p_tiers) s cross join lateral unnest(s::int[]) x);
  v_limited int;
  v_short int;
  v_row record;
begin
  perform 1 from performances p where p.performance_no = any (p_performances) order by p.performance_no for key share;
  perform lock_persons(p_owners, p_performances, p_person_limits);
  perform 1 from ga_counters c where c.tier_no = any (v_tier_nos) order by c.tier_no for update;
  v_now := clock_timestamp();
  v_ends := v_now + make_interval(secs => p_hold_seconds);
  for v_row in
    select c.tier_no, c.total - c.held - c.sold - c.blocked as free from ga_counters c where c.tier_no = any (v_tier_nos)
  loop
    v_free := v_free || jsonb_build_object(v_row.tier_no::text, v_row.free + reap_ga_holds(v_row.tier_no, v_now));
  end loop;

  for v_row in
    select r.i, r.owner_id, r.key, r.performance_no, r.tiers::int[] as tiers, r.quantities::int[] as quantities,
      r.person_limits::int[] as person_limits, b.booking_id is not null as known, p.status = 'on_sale' and p.end_time > v_now as open,
      p.revision <> r.revision as stale
    from unnest(p_owners, p_keys, p_performances, p_revisions, p_tiers, p_quantities, p_person_limits) with ordinality
      as r (owner_id, key, performance_no, revision, tiers, quantities, person_limits, i)
    join performances p using (performance_no)
    left join bookings b on b.owner_id = r.owner_id and b.idempotency_key = r.key
    order by r.i
  loop
    db_now := now(); ends_at := v_ends; request := v_row.i; unavailable := null;
    if v_row.known then kind := 'replayed'; return next; continue; end if;
    if v_row.stale then kind := 'stale'; return next; continue; end if;
    if not v_row.open then kind := 'closed'; return next; continue; end if;
    if v_row.person_limits is not null then
      v_limited := tier_over_person_limit(
        v_row.owner_id, v_row.performance_no, v_row.tiers, v_row.quantities, v_row.person_limits, v_now);
      if v_limited is not null then kind := 'limited'; unavailable := array[v_limited]; return next; continue; end if;
    end if;
    select x.tier into v_short
    from unnest(v_row.tiers, v_row.quantities) as x (tier, quantity)
    where (v_free ->> x.tier::text)::int < x.quantity limit 1;
    if v_short is not null then
      kind := 'lost'; unavailable := array[v_short]; v_short := null;
      return next; continue;
    end if;
    select v_free || jsonb_object_agg(x.tier::text, (v_free ->> x.tier::text)::int - x.quantity),
      v_taken || jsonb_object_agg(x.tier::text, coalesce((v_taken ->> x.tier::text)::int, 0) + x.quantity)
    into v_free, v_taken
    from unnest(v_row.tiers, v_row.quantities) as x (tier, quantity);
    v_won[v_row.i] := true;
    kind := 'won'; return next;
  end loop;

  update ga_counters c set held = c.held + x.value::int from jsonb_each_text(v_taken) as x where c.tier_no = x.key::int;
  insert into ga_holds (holder_id, tier_no, quantity, expires_at)
  select r.booking_id, x.tier, x.quantity, v_ends
  from unnest(p_booking_ids, p_tiers, p_quantities) with ordinality as r (booking_id, tiers, quantities, i)
  cross join lateral unnest(r.tiers::int[], r.quantities::int[]) as x (tier, quantity)
  where v_won[r.i];
  insert into bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers,
    line_quantities, line_prices, total, held_at, expires_at, revision)
  select r.booking_id, r.performance_no, r.owner_id, r.key, r.hash,
    array_fill(-1, array[cardinality(r.tiers::int[])]), r.tiers::int[], r.quantities::int[], r.prices::bigint[], r.total, v_now, v_ends, r.revision
  from unnest(p_booking_ids, p_performances, p_owners, p_keys, p_hashes, p_tiers, p_quantities, p_prices, p_totals, p_revisions)
    with ordinality as r (booking_id, performance_no, owner_id, key, hash, tiers, quantities, prices, total, revision, i)
  where v_won[r.i]
  order by r.owner_id, r.key;
  perform announce_held(v_ends,
    array(select r.n from unnest(p_performances) with ordinality as r (n, i) where v_won[r.i] order by r.i),
    array(select r.part from unnest(p_event_parts) with ordinality as r (part, i) where v_won[r.i] order by r.i));
end $$;
