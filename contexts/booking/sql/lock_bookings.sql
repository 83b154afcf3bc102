-- The lock order of booking, for every change of an existing booking: performances, quotas,
-- seat claims ascending, bookings. A booking's lines never change, so they can be read before any
-- lock. Holds, blocks and publication use the same order (README, "Lock order"). The caller must read the
-- clock and any status it decides by after this, in a statement of its own.
create or replace function lock_bookings(p_booking_ids text[]) returns void
language plpgsql
-- By key whatever the statistics say: a plan made while the tables were small would read them whole.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
  perform 1 from performances p
  where p.performance_no in (select b.performance_no from bookings b where b.booking_id = any (p_booking_ids))
  order by p.performance_no for key share;
  perform lock_quotas(array(
    select distinct l.tier from bookings b cross join lateral unnest(b.line_tiers) as l (tier)
    where b.booking_id = any (p_booking_ids)));
  -- Each claim by its key: joined freely, a plan may read all claims of a performance for each booking.
  perform 1 from (
    select b.performance_no, l.seat from bookings b cross join lateral unnest(b.line_seats) as l (seat)
    where b.booking_id = any (p_booking_ids) and l.seat >= 0
    order by 1, 2) w
  cross join lateral (
    select from seat_claims c where c.performance_no = w.performance_no and c.seat = w.seat for update) locked;
  perform 1 from bookings b where b.booking_id = any (p_booking_ids) order by b.booking_id for update;
end $$;
