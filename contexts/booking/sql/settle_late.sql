-- Settles one booking whose hold has expired: takes the same seats and quantities again when all of them are
-- free (a late payment keeps its customer) and the limit per person allows it; otherwise the payment is
-- refused permanently. Parameters, kinds and reasons as in settle_batch.
--
-- Locks in the order of the README: performance, person, quotas, seats ascending, booking. The claims are
-- taken in seat order before the booking is locked, as a hold takes them; whether they stand is decided after
-- all locks, and otherwise they are undone. An absent claim cannot be locked; the insert itself is the lock.
create or replace function settle_late(
  p_booking_id text, p_payment_id text, p_amount bigint, p_currency text, p_actor text, p_event text, p_traceparent text
) returns table (kind text, reason text, event_id uuid)
language plpgsql
-- By key whatever the statistics say: a plan made while the tables were small would read them whole.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  v_performance int;
  v_seats int[];
  v_owner text;
  v_tiers int[];
  v_quantities int[];
  v_person_limits int[];
  -- 'confirmed', or the reason why not.
  v_kind text;
  v_event uuid := uuidv7();
  v_status text;
  v_owner_now text;
  v_taken bigint;
  v_row record;
begin
  select b.performance_no, array(select l.seat from unnest(b.line_seats) as l (seat) where l.seat >= 0 order by l.seat),
    b.owner_id, b.line_tiers, b.line_quantities,
    array(select t.max_per_person from unnest(b.line_tiers) with ordinality as l (tier, i)
      join tiers t on t.tier_no = l.tier order by l.i)
  into v_performance, v_seats, v_owner, v_tiers, v_quantities, v_person_limits
  from bookings b where b.booking_id = p_booking_id;
  perform 1 from performances p where p.performance_no = v_performance for key share;
  if array_remove(v_person_limits, null) <> '{}' then
    perform lock_persons(array[v_owner], array[v_performance], array[v_person_limits::text]);
  end if;
  perform lock_quotas(v_tiers);

  begin
    insert into seat_claims as c (performance_no, seat, holder_id, expires_at)
    select v_performance, s.seat, p_booking_id, 'infinity' from unnest(v_seats) as s (seat) order by s.seat
    on conflict (performance_no, seat) do update set holder_id = excluded.holder_id, expires_at = excluded.expires_at
    where c.expires_at <= clock_timestamp() or c.holder_id = p_booking_id;
    get diagnostics v_taken = row_count;
    v_kind := case
      when v_taken < cardinality(v_seats) then 'taken'
      when tier_over_person_limit(v_owner, v_performance, v_tiers, v_quantities, v_person_limits, clock_timestamp()) is not null
      then 'person_limit'
      else 'confirmed' end;

    with gone as (
      delete from quota_holds h where h.holder_id = p_booking_id returning h.quota_no, h.quantity
    )
    update quotas c set held = c.held - g.quantity from gone g where c.quota_no = g.quota_no;
    for v_row in select d.quota_no, d.quantity from draws_of_bookings(array[p_booking_id]) d loop
      if refresh_quota(v_row.quota_no, clock_timestamp()) < v_row.quantity then v_kind := 'taken'; end if;
      update quotas c set sold = c.sold + v_row.quantity where c.quota_no = v_row.quota_no and v_kind = 'confirmed';
    end loop;

    select b.status, b.owner_id into v_status, v_owner_now from bookings b where b.booking_id = p_booking_id for update;
    if v_owner_now <> v_owner then
      raise exception using errcode = 'serialization_failure', message = 'the booking changed its owner meanwhile';
    end if;
    select v.kind, v.reason into kind, reason from settle_verdicts(
      clock_timestamp(), array[p_booking_id], array[p_payment_id], array[p_amount], array[p_currency]) v;
    if v_kind <> 'confirmed' or kind not in ('late', 'confirmed') then raise exception using errcode = 'TS002'; end if;
  exception when sqlstate 'TS002' then
    -- Its locks are undone too: another caller may have decided for this payment meanwhile. If none has, this refusal
    -- stands, with the reason that was found under the locks.
    v_kind := coalesce(reason, v_kind);
    perform 1 from bookings b where b.booking_id = p_booking_id for update;
    select v.kind, v.reason into kind, reason from settle_verdicts(
      clock_timestamp(), array[p_booking_id], array[p_payment_id], array[p_amount], array[p_currency]) v;
    if kind = 'confirmed' then raise exception 'settle_late was given % while its hold is alive', p_booking_id; end if;
    if kind = 'late' then kind := 'seats-gone'; reason := v_kind; end if;
    if kind in ('seats-gone', 'paid-otherwise', 'amount-mismatch') and p_payment_id is not null then
      insert into refused_settlements (booking_id, payment_id, verdict, reason)
      select p_booking_id, p_payment_id, kind, reason
      where not exists (
        select from refused_settlements known
        where known.booking_id = p_booking_id and known.payment_id = p_payment_id)
      on conflict do nothing;
    end if;
    return next;
    return;
  end;

  update bookings b set status = 'confirmed', payment_id = p_payment_id where b.booking_id = p_booking_id;
  -- A hold whose expiry was not announced yet expires now, so that the log has every step.
  insert into booking_log (booking_id, from_status, to_status, actor, payment_id)
  select p_booking_id, x.from_status, x.to_status, p_actor, p_payment_id
  from (values (1, 'held', 'expired'), (2, 'expired', 'confirmed')) as x (step, from_status, to_status)
  where x.step = 2 or v_status = 'held'
  order by x.step;
  insert into outbox (event_id, topic, key, payload, traceparent)
  select v_event, 'booking.confirmed', p.performance_id,
    case when v_status = 'expired' then jsonb_set(p_event::jsonb, '{retaken}', 'true')::json else p_event::json end, p_traceparent
  from performances p where p.performance_no = v_performance;
  kind := 'confirmed'; reason := null; event_id := v_event;
  return next;
end $$;
