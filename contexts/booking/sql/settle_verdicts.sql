-- Returns a verdict for each settlement, from the current rows, which the caller has locked before reading
-- the clock.
--   confirmed          the hold is live and has all its claims
--   late               the hold has expired: settle_late decides
--   already-confirmed  this payment confirmed it (the booking may have been cancelled since)
--   paid-otherwise · seats-gone · amount-mismatch · unknown-booking: nothing is sold for this payment
-- seats-gone has a reason, what is true of the event before what is true of the booking:
--   event_cancelled · event_over · released · cancelled; settle_late adds taken and person_limit
-- An earlier refusal of this payment stands, with its reason (null where it was recorded before there were any).
create or replace function settle_verdicts(
  p_now timestamptz, p_booking_ids text[], p_payment_ids text[], p_amounts bigint[], p_currencies text[]
) returns table (request int, kind text, reason text)
language sql as $$
  select r.i::int, verdict.kind,
    case when refused.verdict is not null then refused.reason when verdict.kind = 'seats-gone' then gone.reason end
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
    select (
        select count(distinct q.quota_no) from unnest(b.line_tiers) as l (tier) join quota_tiers q on q.tier_no = l.tier)
      = (select count(*) from quota_holds h where h.holder_id = b.booking_id and h.expires_at > p_now) as complete
  ) quantities on true
  cross join lateral (
    select case
      when p.status <> 'on_sale' then 'event_cancelled'
      when p.end_time <= p_now then 'event_over'
      when b.status in ('released', 'cancelled') then b.status
    end as reason
  ) gone
  cross join lateral (
    select case
      when b.booking_id is null then 'unknown-booking'
      when refused.verdict is not null then refused.verdict
      when coalesce(r.amount, 0) <> b.total or r.currency <> p.currency then 'amount-mismatch'
      when b.status in ('confirmed', 'cancelled') and b.payment_id is not distinct from r.payment_id then 'already-confirmed'
      when b.status = 'confirmed' then 'paid-otherwise'
      when gone.reason is not null then 'seats-gone'
      when b.status = 'held' and b.expires_at > p_now and claims.complete and quantities.complete then 'confirmed'
      else 'late'
    end as kind
  ) verdict
$$;
