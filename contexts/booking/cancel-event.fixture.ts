import type { Fixture } from './fixture.ts'

/** Confirmed bookings of one seat each, as holds and payments would have left them; resolves to the performance's number. */
export async function sellSeats(
  fixture: Fixture,
  performance_id: string,
  count: number,
  isFree: (booking_id: string) => boolean = () => false,
): Promise<number> {
  const [row] = await fixture.owner.query<{ performance_no: number }>(
    `with held as (
       insert into booking.bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers,
         line_quantities, line_prices, total, held_at, expires_at)
       select 'bk_' || p.performance_no || '_' || n, p.performance_no, 'usr_' || n, 'k' || p.performance_no, 'h', array[n - 1],
         array[t.tier_no], '{1}', '{2500}', 2500, now(), now() + interval '5 minutes'
       from booking.performances p join booking.tiers t using (performance_no), generate_series(1, $2::int) n
       where p.performance_id = $1 returning booking_id, performance_no, line_seats
     ), claimed as (
       insert into booking.seat_claims select performance_no, line_seats[1], booking_id, 'infinity' from held
     ), logged as (
       insert into booking.booking_log (booking_id, from_status, to_status, actor)
       select booking_id, 'held', 'confirmed', 'test' from held
     )
     select performance_no from held limit 1`,
    [performance_id, count],
  )
  if (row === undefined) throw new Error('Nothing was sold')
  const { performance_no } = row
  const free = Array.from({ length: count }, (_, n) => `bk_${performance_no}_${n + 1}`).filter(isFree)
  await fixture.owner.query(`update booking.bookings set total = 0, line_prices = '{0}' where booking_id = any ($1)`, [
    free,
  ])
  await fixture.owner.query(
    `update booking.bookings set status = 'confirmed', payment_id = case when total > 0 then 'pay_' || booking_id end where performance_no = $1`,
    [performance_no],
  )
  return performance_no
}
