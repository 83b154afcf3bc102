-- Holds seats and draws on quotas: with hold_carefully the only statement that can do so for a hold. One call decides a whole batch of requests in one
-- transaction.
--
-- In: parallel arrays, one element per request; `seats` (-1 for general admission) and the other line columns as
-- array literals ('{4,5}'); the tiers of the batch, each once. A batch holds neither one seat twice nor one
-- (owner, key) twice; the batcher guarantees this.
-- Out: the database's time at the start of the statement, the expiry of the batch's holds, and one row for
-- each request that did not simply win:
--   lost      some seats are taken (`unavailable`)
--   short     a quota has less left than the request draws on it (`unavailable`: the tiers that draw on it)
--   replayed  this owner used this key before; the caller reads that booking
--   limited   the limit per person of a tier would be exceeded (`unavailable`: its tier_no)
--   closed    the performance is cancelled or over
--   stale     it was published again since the caller read its tiers: read them again
-- No such row: every request won.
--
-- A claim is an insert; an expired hold is taken over in place (`on conflict … do update … where` expired),
-- so expiry is exact whether or not a sweep ran. A quota is updated once a batch, by what all its requests draw
-- on it. Locks in the order of the README: performances, persons, quotas, seats ascending, bookings. Locked rows are never skipped: skipping a seat of an uncommitted batch would
-- refuse a seat that may still be free.
--
-- The batch is first attempted whole: behind the availability cache nearly every batch wins whole, and
-- inserting everything at once costs PostgreSQL 26-30 µs a hold, reading first 41-49 µs. Only when fewer rows
-- come back than wanted is that rolled back and hold_carefully called.
create or replace function hold_batch(
  p_hold_seconds int, p_booking_ids text[], p_owners text[], p_keys text[], p_hashes text[], p_performances int[],
  p_revisions int[], p_seats text[], p_tiers text[], p_quantities text[], p_prices text[], p_totals bigint[], p_person_limits text[],
  p_event_parts text[], p_tier_nos int[]
) returns table (db_now timestamptz, ends_at timestamptz, request int, kind text, unavailable int[])
language plpgsql as $$
declare
  v_now timestamptz;
  v_ends timestamptz;
  v_wanted bigint;
  v_got bigint;
  v_draws constant boolean := exists (select from quota_tiers q where q.tier_no = any (p_tier_nos));
  v_careful boolean;
begin
  -- A cancellation locks the performance for update: no hold can be won after it.
  perform 1 from performances p where p.performance_no = any (p_performances) order by p.performance_no for key share;
  -- A limit per person locks the persons first.
  v_careful := exists (select from unnest(p_person_limits) l where l is not null);
  if v_draws and not v_careful then perform lock_quotas(p_tier_nos); end if;
  v_now := clock_timestamp();
  v_ends := v_now + make_interval(secs => p_hold_seconds);
  v_careful := v_careful or exists (
    select from performances p join unnest(p_performances, p_revisions) as r (performance_no, revision) using (performance_no)
    where p.status <> 'on_sale' or p.end_time <= v_now or p.revision <> r.revision);
  -- Nothing is written for what cannot be had: a sold-out quota is asked for most.
  v_careful := v_careful or (v_draws and exists (
    select from (
      select d.quota_no, sum(d.quantity) as quantity from draws_of(p_booking_ids, p_tiers, p_quantities) d group by d.quota_no
    ) w join quotas c using (quota_no)
    where c.held + c.sold + c.blocked + w.quantity > c.total));

  if not v_careful then
    begin
      if v_draws then
        with draw as (
          select * from draws_of(p_booking_ids, p_tiers, p_quantities)
        ), wanted as (
          select d.quota_no, sum(d.quantity) as quantity from draw d group by d.quota_no
        ), drawn as (
          update quotas c set held = c.held + w.quantity from wanted w
          where c.quota_no = w.quota_no and c.held + c.sold + c.blocked + w.quantity <= c.total
          returning 1
        ), noted as (
          insert into quota_holds (holder_id, quota_no, quantity, expires_at)
          select d.booking_id, d.quota_no, d.quantity, v_ends from draw d
        )
        select (select count(*) from wanted), (select count(*) from drawn) into v_wanted, v_got;
        if v_got < v_wanted then raise exception using errcode = 'TS001'; end if;
      end if;

      with request as (
        select * from unnest(p_booking_ids, p_performances, p_seats) as r (booking_id, performance_no, seats)
      ), wanted as (
        select r.performance_no, s.seat, r.booking_id
        from request r cross join lateral unnest(r.seats::int[]) as s (seat)
        where s.seat >= 0
        order by 1, 2
      ), claimed as (
        insert into seat_claims as c (performance_no, seat, holder_id, expires_at)
        select w.performance_no, w.seat, w.booking_id, v_ends from wanted w
        on conflict (performance_no, seat) do update set holder_id = excluded.holder_id, expires_at = excluded.expires_at
        where c.expires_at <= v_now
        returning 1
      )
      select (select count(*) from wanted), (select count(*) from claimed) into v_wanted, v_got;
      if v_got < v_wanted then raise exception using errcode = 'TS001'; end if;

      insert into bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers,
        line_quantities, line_prices, total, held_at, expires_at, revision)
      select r.booking_id, r.performance_no, r.owner_id, r.key, r.hash, r.seats::int[], r.tiers::int[],
        r.quantities::int[], r.prices::bigint[], r.total, v_now, v_ends, r.revision
      from unnest(p_booking_ids, p_performances, p_owners, p_keys, p_hashes, p_seats, p_tiers, p_quantities, p_prices, p_totals,
        p_revisions) as r (booking_id, performance_no, owner_id, key, hash, seats, tiers, quantities, prices, total, revision)
      order by r.owner_id, r.key
      on conflict (owner_id, idempotency_key) do nothing;
      get diagnostics v_got = row_count;
      if v_got < cardinality(p_booking_ids) then raise exception using errcode = 'TS001'; end if;

      perform announce_held(v_ends, p_performances, p_event_parts);
      return query select now(), v_ends, null::int, 'won'::text, null::int[];
      return;
    exception when sqlstate 'TS001' then null;
    end;
  end if;

  return query select now(), c.ends_at, c.request, c.kind, c.unavailable
    from hold_carefully(p_hold_seconds, p_booking_ids, p_owners, p_keys, p_hashes, p_performances, p_revisions, p_seats,
      p_tiers, p_quantities, p_prices, p_totals, p_person_limits, p_event_parts, p_tier_nos) c;
end $$;
