-- Confirms bookings, by the payments that paid for them or, where they are free, without one: a whole batch
-- in one transaction. Expired holds are decided by settle_late; nothing else makes a booking sold.
--
-- In: parallel arrays, one element per settlement, no booking twice. `events` are the payloads of
-- `booking.confirmed`, built by the caller, which knows the public ids; their content never changes.
-- Out: one row per settlement: its kind and reason as in settle_verdicts, and the id of its event where it was
-- confirmed.
--
-- The clock is read after the locks. A quota is updated once a batch: locked until commit, it would otherwise
-- serialize the orders.
create or replace function settle_batch(
  p_booking_ids text[], p_payment_ids text[], p_amounts bigint[], p_currencies text[], p_actors text[], p_events text[],
  p_traceparents text[]
) returns table (request int, kind text, reason text, event_id uuid)
language plpgsql
-- By key whatever the statistics say: a plan made while the tables were small would read them whole.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  v_kinds text[];
  v_reasons text[];
  v_events uuid[] := array(select uuidv7() from generate_subscripts(p_booking_ids, 1));
  v_won text[];
  v_claims bigint;
  v_quantities bigint;
  v_touched bigint;
begin
  perform lock_bookings(p_booking_ids);
  select array_agg(v.kind order by v.request), array_agg(v.reason order by v.request) into v_kinds, v_reasons
  from settle_verdicts(clock_timestamp(), p_booking_ids, p_payment_ids, p_amounts, p_currencies) v;
  v_won := array(select r.booking_id from unnest(p_booking_ids, v_kinds) as r (booking_id, kind) where r.kind = 'confirmed');

  if cardinality(v_won) > 0 then
    select count(*) into v_claims
    from bookings b cross join lateral unnest(b.line_seats) as l (seat) where b.booking_id = any (v_won) and l.seat >= 0;
    select coalesce(sum(d.quantity), 0) into v_quantities from draws_of_bookings(v_won) d;
    if v_claims > 0 then
      -- Locked above, so each stays where it is: found by its key, then updated in place (see lock_bookings).
      update seat_claims c set expires_at = 'infinity'
      from bookings b cross join lateral unnest(b.line_seats) as l (seat)
      cross join lateral (
        select x.ctid as location from seat_claims x
        where x.performance_no = b.performance_no and x.seat = l.seat and x.holder_id = b.booking_id
        offset 0) mine
      where b.booking_id = any (v_won) and l.seat >= 0 and c.ctid = mine.location;
      get diagnostics v_touched = row_count;
      if v_touched <> v_claims then raise exception 'settle_batch sold % seats of %', v_touched, v_claims; end if;
    end if;
    if v_quantities > 0 then
      with moved as (
        delete from quota_holds h where h.holder_id = any (v_won) returning h.quota_no, h.quantity
      ), sums as (
        select m.quota_no, sum(m.quantity) as quantity from moved m group by m.quota_no
      ), counted as (
        update quotas c set held = c.held - s.quantity, sold = c.sold + s.quantity
        from sums s where c.quota_no = s.quota_no returning s.quantity
      )
      select coalesce(sum(quantity), 0) into v_touched from counted;
      if v_touched <> v_quantities then raise exception 'settle_batch drew % of %', v_touched, v_quantities; end if;
    end if;
    update bookings b set status = 'confirmed', payment_id = r.payment_id
    from unnest(p_booking_ids, p_payment_ids, v_kinds) as r (booking_id, payment_id, kind)
    where b.booking_id = r.booking_id and r.kind = 'confirmed';
    insert into booking_log (booking_id, from_status, to_status, actor, payment_id)
    select r.booking_id, 'held', 'confirmed', r.actor, r.payment_id
    from unnest(p_booking_ids, p_actors, p_payment_ids, v_kinds) as r (booking_id, actor, payment_id, kind)
    where r.kind = 'confirmed';
    insert into outbox (event_id, topic, key, payload, traceparent)
    select r.event_id, 'booking.confirmed', p.performance_id, r.event::json, r.traceparent
    from unnest(p_booking_ids, v_events, p_events, p_traceparents, v_kinds) as r (booking_id, event_id, event, traceparent, kind)
    join bookings b on b.booking_id = r.booking_id
    join performances p on p.performance_no = b.performance_no
    where r.kind = 'confirmed';
  end if;

  insert into refused_settlements (booking_id, payment_id, verdict, reason)
  select r.booking_id, r.payment_id, r.kind, r.reason
  from unnest(p_booking_ids, p_payment_ids, v_kinds, v_reasons) as r (booking_id, payment_id, kind, reason)
  where r.kind in ('seats-gone', 'paid-otherwise', 'amount-mismatch') and r.payment_id is not null
    -- One from before there were reasons would break the constraint, although it conflicts.
    and not exists (
      select from refused_settlements known where known.booking_id = r.booking_id and known.payment_id = r.payment_id)
  on conflict do nothing;

  return query select r.i::int, r.kind, r.reason, case when r.kind = 'confirmed' then r.event_id end
    from unnest(v_kinds, v_reasons, v_events) with ordinality as r (kind, reason, event_id, i);
end $$;
