-- Returns a verdict for each settlement, from the current rows, which the caller has locked before reading
-- the clock.
--   confirmed          the hold is live and has all its claims
--   late               the hold has expired: settle_late decides
--   already-confirmed  this payment confirmed it (the booking may have been cancelled since)
--   paid-otherwise · seats-gone · amount-mismatch · unknown-booking: nothing is sold for this payment; seats-gone also
--                      when the performance was cancelled or is over
-- An earlier refusal of this payment stands.
create or replace function settle_verdicts(
  p_now timestamptz, p_booking_ids text[], p_payment_ids text[], p_amounts bigint[], p_currencies text[]
) returns text[]
language sql as $$
  select array_agg(case
      when b.booking_id is null then 'unknown-booking'
      when refused.verdict is not null then refused.verdict
      when coalesce(r.amount, 0) <> b.total or r.currency <> p.currency then 'amount-mismatch'
      when b.status in ('confirmed', 'cancelled') and b.payment_id is not distinct from r.payment_id then 'already-confirmed'
      when b.status = 'confirmed' then 'paid-otherwise'
      when b.status in ('cancelled', 'released') or p.status <> 'on_sale' or p.end_time <= p_now then 'seats-gone'
      when b.status = 'held' and b.expires_at > p_now and claims.complete and quantities.complete then 'confirmed'
      else 'late'
    end order by r.i)
  from unnest(p_booking_ids, p_payment_ids, p_amounts, p_currencies) with ordinality
    as r (booking_id, payment_id, amount, currency, i)
  left join bookings b on b.booking_id = r.booking_id
  left join performances p on p.performance_no = b.performance_no
  left join refused_settlements refused on refused.booking_id = r.booking_id and refused.payment_id = r.payment_id
  left join lateral (
    -- Each claim by its key: joined freely, a plan may read all claims of a performance for each booking.
    select count(*) = count(c.seat) as complete
    from unnest(b.line_seats) as l (seat)
    left join lateral (
      select x.seat from seat_claims x
      where x.performance_no = b.performance_no and x.seat = l.seat and x.holder_id = b.booking_id and x.expires_at > p_now
      offset 0) c on true
    where l.seat >= 0
  ) claims on true
  left join lateral (
    select (select count(distinct l.tier) from unnest(b.line_seats, b.line_tiers) as l (seat, tier) where l.seat < 0)
      = (select count(*) from ga_holds h where h.holder_id = b.booking_id and h.expires_at > p_now) as complete
  ) quantities on true
$$;
