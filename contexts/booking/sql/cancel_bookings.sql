-- Cancels confirmed bookings whose cancellations are recorded: frees seats and quotas,
-- updates, logs, and writes one `booking.cancelled` each. Returns those that were still confirmed, with the
-- seats really freed and the event's id; bookings cancelled by another call meanwhile are left out. Bookings
-- of a cancelled performance are refunded in full, whichever cancellation came first: under the locks its
-- status is final, and so are the terms from here on.
create or replace function cancel_bookings(p_booking_ids text[])
returns table (booking_id text, performance_no int, freed int[], event_id uuid)
language plpgsql
-- By key whatever the statistics say: a plan made while the tables were small would read them whole.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_ids text[];
  v_touched bigint;
begin
  perform lock_bookings(p_booking_ids);
  select array_agg(d.booking_id) into v_ids from (
    select b.booking_id from bookings b
    where b.booking_id = any (p_booking_ids) and b.status = 'confirmed') d;
  if v_ids is null then return; end if;

  update bookings b set status = 'cancelled' where b.booking_id = any (v_ids);
  update cancellations c set cancelled_at = now(),
    reason = case when p.status = 'cancelled' then 'event-cancelled' else c.reason end,
    refund_percent = case when p.status = 'cancelled' then 100 else c.refund_percent end
  from bookings b join performances p using (performance_no)
  where c.booking_id = any (v_ids) and b.booking_id = c.booking_id;
  get diagnostics v_touched = row_count;
  if v_touched <> cardinality(v_ids) then
    raise exception 'cancel_bookings has % cancellations of % bookings', v_touched, cardinality(v_ids);
  end if;
  insert into booking_log (booking_id, from_status, to_status, actor, detail)
  select c.booking_id, 'confirmed', 'cancelled', c.actor,
    json_build_object('cancellation_id', c.cancellation_id, 'reason', c.reason, 'refund_percent', c.refund_percent)
  from cancellations c where c.booking_id = any (v_ids);
  with sums as (
    select d.quota_no, sum(d.quantity) as quantity from draws_of_bookings(v_ids) d group by d.quota_no
  )
  update quotas c set sold = c.sold - s.quantity from sums s where c.quota_no = s.quota_no;

  return query
  with line as (
    select b.booking_id, b.performance_no, l.seat, l.tier, l.quantity, l.i
    from bookings b
    cross join lateral unnest(b.line_seats, b.line_tiers, b.line_quantities) with ordinality as l (seat, tier, quantity, i)
    where b.booking_id = any (v_ids)
  ), freed_seat as (
    delete from seat_claims c using line l
    where l.seat >= 0 and c.performance_no = l.performance_no and c.seat = l.seat and c.holder_id = l.booking_id
    returning c.holder_id, c.seat
  ), part as (
    select l.booking_id, l.performance_no,
      coalesce(json_agg(l.seat order by l.i) filter (where l.seat >= 0), '[]') as seats,
      coalesce(json_agg(t.tier_id order by l.i) filter (where l.seat >= 0), '[]') as seat_tiers,
      coalesce(json_agg(json_build_object('tier_id', t.tier_id, 'quantity', l.quantity) order by l.i)
        filter (where l.seat < 0), '[]') as places,
      coalesce(array_agg(f.seat order by f.seat) filter (where f.seat is not null), '{}') as freed
    from line l
    join tiers t on t.tier_no = l.tier
    left join freed_seat f on f.holder_id = l.booking_id and f.seat = l.seat
    group by l.booking_id, l.performance_no
  ), announced as (
    insert into outbox (topic, key, payload)
    select 'booking.cancelled', p.performance_id,
      json_build_object('booking_id', x.booking_id, 'performance_id', p.performance_id, 'event_id', p.event_id,
        'user_id', b.owner_id, 'cancellation_id', c.cancellation_id, 'reason', c.reason,
        'refund_percent', c.refund_percent, 'seats', x.seats, 'seat_tiers', x.seat_tiers, 'places', x.places)
    from part x
    join performances p using (performance_no)
    join bookings b on b.booking_id = x.booking_id
    join cancellations c on c.booking_id = x.booking_id
    order by x.booking_id
    returning event_id, payload ->> 'booking_id' as booking_id
  )
  select x.booking_id, x.performance_no, x.freed, a.event_id from part x join announced a on a.booking_id = x.booking_id;
end $$;
