import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, holdAs, openFixture, performance, tier } from './fixture.ts'
import { invariants } from './invariants.ts'
import { rpc } from './rpc.ts'

let fixture: Fixture
let held: string
let confirmed: string
let standing: string

beforeAll(async () => {
  fixture = await openFixture()
  const places = tier({ categories: null, quantity: 10, name: 'Standing' })
  const { performance_id } = await fixture.open(performance({ tiers: [tier({ max_per_person: 2 }), places] }))
  const take = async (body: object): Promise<string> =>
    ((await holdAs(fixture, { performance_id, ...body })).body as { booking_id: string }).booking_id
  held = await take({ seat_ids: ['A-1'] })
  confirmed = await take({ seat_ids: ['A-2'] })
  standing = await take({ items: [{ tier_id: places.tier_id, quantity: 2 }] })
  await rpc(fixture.deps).settle_paid({
    booking_id: confirmed,
    payment_id: newId('pay'),
    amount: money(2_500, 'EUR'),
    holder: null,
  })
})
afterAll(() => fixture[Symbol.asyncDispose]())

/**
 * The violation that each invariant must detect, planted by SQL that none of our code can run. `replica` disables
 * constraints.
 */
const plants: Readonly<Record<string, () => [string, unknown[]][]>> = {
  I1: () => [[`update booking.bookings set line_seats = '{1}' where booking_id = $1`, [held]]],
  'I1-sold': () => [[`delete from booking.seat_claims where holder_id = $1`, [confirmed]]],
  'I1-claims': () => [[`update booking.seat_claims set holder_id = 'bk_nobody' where holder_id = $1`, [held]]],
  I2: () => [
    ['alter table booking.ga_counters drop constraint ga_counters_check', []],
    ['update booking.ga_counters set sold = 99', []],
  ],
  I3: () => [['update booking.ga_counters set held = held + 1', []]],
  I6: () => [[`update booking.bookings set expires_at = now() - interval '31 s' where booking_id = $1`, [held]]],
  I12: () => [['update booking.bookings set total = total + 1 where booking_id = $1', [standing]]],
  I15: () => [[`update booking.bookings set line_quantities = '{3}' where booking_id = $1`, [confirmed]]],
  I18: () => [[`update booking.bookings set status = 'released' where booking_id = $1`, [held]]],
  'I31-recorded': () => [[`update booking.bookings set status = 'cancelled' where booking_id = $1`, [confirmed]]],
  I32: () => [[`update booking.bookings set held_at = now() + interval '1 hour' where booking_id = $1`, [held]]],
  'I3-sales': () => [['update booking.tier_sales_changes set sold = sold + 1', []]],
  'I10-sales': () => [
    [
      `insert into booking.money_movements (source, booking_id, payment_id, amount)
      select 'payment.refunded:ref_x', booking_id, payment_id, 1 from booking.bookings where booking_id = $1`,
      [confirmed],
    ],
  ],
}

test('every invariant has a planted violation', () => {
  expect(Object.keys(plants).sort()).toEqual(invariants.map((one) => one.id).sort())
})

test('a sound state shows no violation', async () => {
  for (const { id, statement } of invariants)
    expect({ id, rows: await fixture.auditor.many(statement) }).toEqual({ id, rows: [] })
})

for (const { id, title, statement } of invariants) {
  test(`${id} detects its planted violation: ${title}`, async () => {
    const rolledBack = new Error('put everything back')
    await expect(
      fixture.owner.transaction(async (tx) => {
        for (const [text, values] of plants[id]?.() ?? []) await tx.query(text, values)
        expect((await tx.many(statement)).length).toBeGreaterThan(0)
        throw rolledBack
      }),
    ).rejects.toBe(rolledBack)
  })
}
