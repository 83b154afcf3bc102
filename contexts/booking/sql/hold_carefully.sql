-- The slow path of hold_batch, for a batch in which some request cannot win: known keys first, then claim
-- everything in seat order, keep the requests that got all their seats, and undo the claims of the others in
-- this same transaction. An absent row cannot be locked; the claim itself is the lock.
create or replace function hold_carefully(
  p_now timestamptz, p_ends timestamptz, p_booking_ids text[], p_owners text[], p_keys text[], p_hashes text[],
  p_performances int[], p_revisions int[], p_seats text[], p_tiers text[], p_quantities text[], p_prices text[], p_totals bigint[],
  p_person_limits text[], p_event_parts text[]
) returns table (request int, kind text, unavailable int[])
language plpgsql as $$
declare
  v_kinds text[] := array_fill(null::text, array[cardinality(p_booking_ids)]);
  v_missing text[] := array_fill(null::text, array[cardinality(p_booking_ids)]);
  v_losers bigint[];
  v_lost_performances int[];
  v_lost_seats int[];
  v_lost_got boolean[];
  v_lost_holders text[];
  v_lost_ends timestamptz[];
  v_tier int;
  v_row record;
begin
  for v_row in
    select r.i
    from unnest(p_owners, p_keys) with ordinality as r (owner_id, key, i)
    join bookings b on b.owner_id = r.owner_id and b.idempotency_key = r.key
  loop
    v_kinds[v_row.i] := 'replayed';
  end loop;

  for v_row in
    select r.i, case when p.revision <> r.revision then 'stale' else 'closed' end as kind
    from unnest(p_performances, p_revisions) with ordinality as r (performance_no, revision, i)
    join performances p using (performance_no)
    where (p.status <> 'on_sale' or p.end_time <= p_now or p.revision <> r.revision) and v_kinds[r.i] is null
  loop
    v_kinds[v_row.i] := v_row.kind;
  end loop;

  perform lock_persons(p_owners, p_performances, p_person_limits);
  for v_row in
    select r.i, r.owner_id, r.performance_no, r.tiers::int[] as tiers, r.quantities::int[] as quantities,
      r.person_limits::int[] as person_limits
    from unnest(p_owners, p_performances, p_tiers, p_quantities, p_person_limits) with ordinality
      as r (owner_id, performance_no, tiers, quantities, person_limits, i)
    where r.person_limits is not null and v_kinds[r.i] is null
  loop
    v_tier := tier_over_person_limit(
      v_row.owner_id, v_row.performance_no, v_row.tiers, v_row.quantities, v_row.person_limits, p_now);
    if v_tier is not null then
      v_kinds[v_row.i] := 'limited';
      v_missing[v_row.i] := '{' || v_tier || '}';
    end if;
  end loop;

  -- Claims by the remaining requests. The claims of a request that did not get all its seats are undone: a
  -- seat that was free is free again, and an expired hold that was taken over is restored, because its expiry
  -- is still to be announced.
  with wanted as (
    select r.i, r.booking_id, r.performance_no, s.seat
    from unnest(p_booking_ids, p_performances, p_seats) with ordinality as r (booking_id, performance_no, seats, i)
    cross join lateral unnest(r.seats::int[]) as s (seat)
    where v_kinds[r.i] is null
    order by r.performance_no, s.seat
  ), claimed as (
    insert into seat_claims as c (performance_no, seat, holder_id, expires_at)
    select w.performance_no, w.seat, w.booking_id, p_ends from wanted w
    on conflict (performance_no, seat) do update set holder_id = excluded.holder_id, expires_at = excluded.expires_at
    where c.expires_at <= p_now
    returning c.performance_no, c.seat, old.holder_id as old_holder, old.expires_at as old_expires_at
  ), seats as (
    select w.i, w.performance_no, w.seat, c.seat is not null as got, c.old_holder, c.old_expires_at
    from wanted w left join claimed c using (performance_no, seat)
  ), losing as (
    select s.* from seats s where exists (select from seats o where o.i = s.i and not o.got)
  )
  select array_agg(l.i), array_agg(l.performance_no), array_agg(l.seat), array_agg(l.got), array_agg(l.old_holder),
    array_agg(l.old_expires_at)
  into v_losers, v_lost_performances, v_lost_seats, v_lost_got, v_lost_holders, v_lost_ends
  from losing l;

  for v_row in
    select l.i, array_agg(l.seat order by l.seat) filter (where not l.got)::text as missing
    from unnest(v_losers, v_lost_seats, v_lost_got) as l (i, seat, got) group by l.i
  loop
    v_kinds[v_row.i] := 'lost';
    v_missing[v_row.i] := v_row.missing;
  end loop;
  delete from seat_claims c
  using unnest(v_lost_performances, v_lost_seats, v_lost_got, v_lost_holders) as l (performance_no, seat, got, holder)
  where l.got and l.holder is null and c.performance_no = l.performance_no and c.seat = l.seat;
  update seat_claims c set holder_id = l.holder, expires_at = l.ends
  from unnest(v_lost_performances, v_lost_seats, v_lost_got, v_lost_holders, v_lost_ends)
    as l (performance_no, seat, got, holder, ends)
  where l.got and l.holder is not null and c.performance_no = l.performance_no and c.seat = l.seat;

  insert into bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers,
    line_quantities, line_prices, total, held_at, expires_at, revision)
  select r.booking_id, r.performance_no, r.owner_id, r.key, r.hash, r.seats::int[], r.tiers::int[], r.quantities::int[],
    r.prices::bigint[], r.total, p_now, p_ends, r.revision
  from unnest(p_booking_ids, p_performances, p_owners, p_keys, p_hashes, p_seats, p_tiers, p_quantities, p_prices, p_totals,
    p_revisions)
    with ordinality as r (booking_id, performance_no, owner_id, key, hash, seats, tiers, quantities, prices, total, revision, i)
  where v_kinds[r.i] is null
  order by r.owner_id, r.key;

  perform announce_held(p_ends,
    array(select r.n from unnest(p_performances) with ordinality as r (n, i) where v_kinds[r.i] is null order by r.i),
    array(select r.part from unnest(p_event_parts) with ordinality as r (part, i) where v_kinds[r.i] is null order by r.i));

  return query
    select r.i::int, coalesce(v_kinds[r.i], 'won'), v_missing[r.i]::int[]
    from generate_subscripts(p_booking_ids, 1) as r (i);
end $$;
