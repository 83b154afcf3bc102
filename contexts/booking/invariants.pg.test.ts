import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationsEitherWay } from '#platform/testing'
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
 * Violations that each invariant must detect, planted by SQL that none of our code can run; among them rows without the
 * partner that they are compared with. `replica` disables foreign keys.
 */
const plants = (): readonly [id: string, text: string, values?: unknown[]][] => [
  [
    'I1',
    `update booking.bookings set line_seats = '{1}', status = 'confirmed', expires_at = 'infinity' where booking_id = $1`,
    [held],
  ],
  ['I1-held', `update booking.bookings set line_seats = '{1}' where booking_id = $1`, [held]],
  ['I1-held', `delete from booking.seat_claims where holder_id = $1`, [held]],
  ['I1-sold', `delete from booking.seat_claims where holder_id = $1`, [confirmed]],
  ['I1-sold', `update booking.seat_claims set expires_at = now() where holder_id = $1`, [confirmed]],
  ['I1-claims', `update booking.seat_claims set holder_id = 'bk_nobody' where holder_id = $1`, [held]],
  [
    'I1-claims',
    `insert into booking.seat_claims values (0, 0, 'bk_nobody', 'infinity'), (999999, 0, 'blk_none', now())`,
  ],
  ['I1-claims', `update booking.bookings set status = 'released' where booking_id = $1`, [held]],
  ['I2', 'alter table booking.quotas drop constraint quotas_check; update booking.quotas set sold = 99'],
  ['I2', 'delete from booking.quota_tiers'],
  ['I2-tiers', 'delete from booking.quota_tiers'],
  ['I2', 'delete from booking.quotas'],
  ['I3', 'update booking.quotas set held = held + 1'],
  ['I3', 'delete from booking.quota_holds'],
  ['I3-held', 'delete from booking.quota_holds'],
  ['I3-held', 'update booking.quota_holds set quantity = quantity + 1'],
  ['I3', `update booking.bookings set status = 'confirmed', expires_at = 'infinity' where booking_id = $1`, [standing]],
  ['I6', `update booking.bookings set expires_at = now() - interval '31 s' where booking_id = $1`, [held]],
  ['I12', 'update booking.bookings set total = total + 1 where booking_id = $1', [standing]],
  ['I15', `update booking.bookings set line_quantities = '{3}' where booking_id = $1`, [confirmed]],
  ['I15', `update booking.bookings set line_quantities = '{2}', owner_id = 'usr_one', idempotency_key = booking_id`],
  ['I18', `update booking.bookings set status = 'released' where booking_id = $1`, [held]],
  ['I18', 'delete from booking.booking_log'],
  ['I18', `update booking.booking_log set from_status = 'expired'`],
  ['I31-recorded', `update booking.bookings set status = 'cancelled' where booking_id = $1`, [confirmed]],
  ['I32', `update booking.bookings set held_at = now() + interval '1 hour' where booking_id = $1`, [held]],
  ['I3-sales', 'update booking.tier_sales_changes set sold = sold + 1'],
  ['I3-sales', 'delete from booking.tier_sales_changes'],
  ['I3-sales', `insert into booking.tier_sales select max(tier_no), 1, 0 from booking.tiers`],
  ['I3-sales', 'update booking.bookings set line_tiers = array[999999] where booking_id = $1', [confirmed]],
  [
    'I10-sales',
    `insert into booking.money_movements (source, booking_id, payment_id, amount)
    select 'payment.refunded:ref_x', booking_id, payment_id, 1 from booking.bookings where booking_id = $1`,
    [confirmed],
  ],
  ['I10-sales', 'delete from booking.tier_sales_changes'],
  [
    'I10-sales',
    `update booking.bookings set status = 'cancelled', total = total + 1 where booking_id = $1`,
    [confirmed],
  ],
  ['I10-sales', 'update booking.bookings set performance_no = 999999 where booking_id = $1', [confirmed]],
]

test('every invariant has a planted violation', () => {
  expect(new Set(plants().map(([id]) => id))).toEqual(new Set(invariants.map((one) => one.id)))
})

test('a sound state shows no violation', async () => {
  expect(await violationsEitherWay(fixture.auditor, invariants)).toEqual({})
})

test('every planted violation is detected, in slices and whole', async () => {
  for (const [id, text, values = []] of plants()) {
    const rolledBack = new Error('put everything back')
    await expect(
      fixture.owner.transaction(async (tx) => {
        await tx.query('set local session_replication_role = replica')
        for (const statement of text.split(';')) await tx.query(statement, values)
        expect(Object.keys(await violationsEitherWay(tx, invariants)), text).toContain(id)
        throw rolledBack
      }),
    ).rejects.toBe(rolledBack)
  }
})
