-- The slow path of hold_batch, for a batch in which some request cannot win: known keys first, then claim
-- everything in seat order, serve the quotas in order of arrival, keep the requests that got all they want, and
-- undo the claims of the others in this same transaction. An absent row cannot be locked; the claim itself is the
-- lock. Before a quota refuses, its expired holds are given back, so expiry is exact.
create or replace function hold_carefully(
  p_hold_seconds int, p_booking_ids text[], p_owners text[], p_keys text[], p_hashes text[], p_performances int[],
  p_revisions int[], p_seats text[], p_tiers text[], p_quantities text[], p_prices text[], p_totals bigint[],
  p_person_limits text[], p_event_parts text[], p_tier_nos int[]
) returns table (ends_at timestamptz, request int, kind text, unavailable int[])
language plpgsql as $$
declare
  v_now timestamptz;
  v_ends timestamptz;
  v_kinds text[] := array_fill(null::text, array[cardinality(p_booking_ids)]);
  v_missing text[] := array_fill(null::text, array[cardinality(p_booking_ids)]);
  -- Every seat that was tried: by which request, whether it got it, and whose expired hold it took over.
  v_seat_requests bigint[];
  v_seat_performances int[];
  v_seats int[];
  v_seats_got boolean[];
  v_seat_holders text[];
  v_seat_ends timestamptz[];
  -- What is left of each quota.
  v_left jsonb;
  v_short int;
  v_tier int;
  v_row record;
begin
  perform lock_persons(p_owners, p_performances, p_person_limits);
  perform lock_quotas(p_tier_nos);
  v_now := clock_timestamp();
  v_ends := v_now + make_interval(secs => p_hold_seconds);

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
    where (p.status <> 'on_sale' or p.end_time <= v_now or p.revision <> r.revision) and v_kinds[r.i] is null
  loop
    v_kinds[v_row.i] := v_row.kind;
  end loop;

  for v_row in
    select r.i, r.owner_id, r.performance_no, r.tiers::int[] as tiers, r.quantities::int[] as quantities,
      r.person_limits::int[] as person_limits
    from unnest(p_owners, p_performances, p_tiers, p_quantities, p_person_limits) with ordinality
      as r (owner_id, performance_no, tiers, quantities, person_limits, i)
    where r.person_limits is not null and v_kinds[r.i] is null
  loop
    v_tier := tier_over_person_limit(
      v_row.owner_id, v_row.performance_no, v_row.tiers, v_row.quantities, v_row.person_limits, v_now);
    if v_tier is not null then
      v_kinds[v_row.i] := 'limited';
      v_missing[v_row.i] := '{' || v_tier || '}';
    end if;
  end loop;

  with wanted as (
    select r.i, r.booking_id, r.performance_no, s.seat
    from unnest(p_booking_ids, p_performances, p_seats) with ordinality as r (booking_id, performance_no, seats, i)
    cross join lateral unnest(r.seats::int[]) as s (seat)
    where v_kinds[r.i] is null and s.seat >= 0
    order by r.performance_no, s.seat
  ), claimed as (
    insert into seat_claims as c (performance_no, seat, holder_id, expires_at)
    select w.performance_no, w.seat, w.booking_id, v_ends from wanted w
    on conflict (performance_no, seat) do update set holder_id = excluded.holder_id, expires_at = excluded.expires_at
    where c.expires_at <= v_now
    returning c.performance_no, c.seat, old.holder_id as old_holder, old.expires_at as old_expires_at
  )
  select array_agg(w.i), array_agg(w.performance_no), array_agg(w.seat), array_agg(c.seat is not null),
    array_agg(c.old_holder), array_agg(c.old_expires_at)
  into v_seat_requests, v_seat_performances, v_seats, v_seats_got, v_seat_holders, v_seat_ends
  from wanted w left join claimed c using (performance_no, seat);
  for v_row in
    select s.i, array_agg(s.seat order by s.seat)::text as missing
    from unnest(v_seat_requests, v_seats, v_seats_got) as s (i, seat, got) where not s.got group by s.i
  loop
    v_kinds[v_row.i] := 'lost';
    v_missing[v_row.i] := v_row.missing;
  end loop;

  select jsonb_object_agg(d.quota_no, refresh_quota(d.quota_no, v_now)) into v_left from (
    select distinct q.quota_no from quota_tiers q where q.tier_no = any (p_tier_nos) order by 1) d;
  for v_row in
    select d.request, array_agg(d.quota_no) as quota_nos, array_agg(d.quantity) as quantities
    from draws_of(p_booking_ids, p_tiers, p_quantities) d where v_kinds[d.request] is null
    group by d.request order by d.request
  loop
    select d.quota_no into v_short from unnest(v_row.quota_nos, v_row.quantities) as d (quota_no, quantity)
    where (v_left ->> d.quota_no::text)::int < d.quantity order by d.quota_no limit 1;
    if v_short is not null then
      v_kinds[v_row.request] := 'short';
      v_missing[v_row.request] := (
        select array_agg(distinct q.tier_no)::text from quota_tiers q
        where q.quota_no = v_short and q.tier_no = any (p_tiers[v_row.request]::int[]));
      continue;
    end if;
    select v_left || jsonb_object_agg(d.quota_no, (v_left ->> d.quota_no::text)::int - d.quantity) into v_left
    from unnest(v_row.quota_nos, v_row.quantities) as d (quota_no, quantity);
  end loop;
  with draw as (
    select * from draws_of(p_booking_ids, p_tiers, p_quantities) d where v_kinds[d.request] is null
  ), noted as (
    insert into quota_holds (holder_id, quota_no, quantity, expires_at)
    select d.booking_id, d.quota_no, d.quantity, v_ends from draw d
  )
  update quotas c set held = c.held + d.quantity
  from (select quota_no, sum(quantity) as quantity from draw group by quota_no) d
  where c.quota_no = d.quota_no;

  -- The claims of a request that did not get everything are undone: a seat that was free is free again, and an
  -- expired hold that was taken over is restored, because its expiry is still to be announced.
  delete from seat_claims c
  using unnest(v_seat_requests, v_seat_performances, v_seats, v_seats_got, v_seat_holders) as s (i, performance_no, seat, got, holder)
  where v_kinds[s.i] is not null and s.got and s.holder is null and c.performance_no = s.performance_no and c.seat = s.seat;
  update seat_claims c set holder_id = s.holder, expires_at = s.ends
  from unnest(v_seat_requests, v_seat_performances, v_seats, v_seats_got, v_seat_holders, v_seat_ends)
    as s (i, performance_no, seat, got, holder, ends)
  where v_kinds[s.i] is not null and s.got and s.holder is not null and c.performance_no = s.performance_no and c.seat = s.seat;

  insert into bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers,
    line_quantities, line_prices, total, held_at, expires_at, revision)
  select r.booking_id, r.performance_no, r.owner_id, r.key, r.hash, r.seats::int[], r.tiers::int[], r.quantities::int[],
    r.prices::bigint[], r.total, v_now, v_ends, r.revision
  from unnest(p_booking_ids, p_performances, p_owners, p_keys, p_hashes, p_seats, p_tiers, p_quantities, p_prices, p_totals,
    p_revisions)
    with ordinality as r (booking_id, performance_no, owner_id, key, hash, seats, tiers, quantities, prices, total, revision, i)
  where v_kinds[r.i] is null
  order by r.owner_id, r.key;

  perform announce_held(v_ends,
    array(select r.n from unnest(p_performances) with ordinality as r (n, i) where v_kinds[r.i] is null order by r.i),
    array(select r.part from unnest(p_event_parts) with ordinality as r (part, i) where v_kinds[r.i] is null order by r.i));

  return query
    select v_ends, r.i::int, coalesce(v_kinds[r.i], 'won'), v_missing[r.i]::int[]
    from generate_subscripts(p_booking_ids, 1) as r (i);
end $$;
