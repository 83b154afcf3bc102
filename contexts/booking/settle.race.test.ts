import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asPrincipal, violationsOf } from '#platform/testing'
import { announceExpired } from './expire.ts'
import { type Fixture, holdAs, openFixture, performance, tier } from './fixture.ts'
import { invariants } from './invariants.ts'
import { rpc } from './rpc.ts'
import { openSettlements } from './settle.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const WIDTH = 24
const holder = { first_name: 'Meera', last_name: 'Joshi', email: 'meera@example.test' }

async function lapse(booking_id: string): Promise<void> {
  for (const [table, column] of [
    ['bookings', 'booking_id'],
    ['seat_claims', 'holder_id'],
    ['quota_holds', 'holder_id'],
  ]) {
    await fixture.owner.query(
      `update booking.${table} set expires_at = now() - interval '1 s' where ${column} = $1 and expires_at < 'infinity'`,
      [booking_id],
    )
  }
  fixture.deps.availability.forget()
}

/** The same database seen from another process: settlements of its own. */
const elsewhere = () => ({ ...fixture.deps, settlements: openSettlements(fixture.deps) })

const pay = (deps: Fixture['deps'], booking_id: string, amount: number, payment_id = newId('pay')) =>
  rpc(deps).settle_paid({ booking_id, payment_id, amount: money(amount, 'EUR'), holder })

async function sound(): Promise<void> {
  expect(await violationsOf(fixture.auditor, invariants)).toEqual({})
}

async function soldOf(tier_id: string): Promise<number | undefined> {
  const [row] = await fixture.owner.query<{ sold: number }>(
    'select sold from booking.quotas join booking.tiers using (tier_no) where tier_id = $1',
    [tier_id],
  )
  return row?.sold
}

test('a storm of holds, payments, releases and sweeps on general admission: the counters match the model', async () => {
  const tiers = ['floor', 'balcony'].map((name) => tier({ name, categories: null, quantity: 60, max_per_order: 4 }))
  const { performance_id } = await fixture.open(performance({ chart_id: null, tiers }))
  const processes = [fixture.deps, elsewhere()]
  const sold: Record<string, number> = {}
  const work = async (buyer: number): Promise<void> => {
    for (let round = 0; round < 6; round++) {
      const items = tiers
        .map(({ tier_id }, index) => ({ tier_id, quantity: ((buyer + round + index) % 2) + 1 }))
        .slice((buyer + round) % 2)
      const user = newId('usr')
      const answer = await holdAs(fixture, { performance_id, items }, { user })
      if (answer.status !== 201) {
        expect(answer.status).toBe(409)
        continue
      }
      const { booking_id } = answer.body as { booking_id: string }
      const total = items.reduce((sum, { quantity }) => sum + quantity * 2_500, 0)
      if (buyer % 4 === 1) await lapse(booking_id)
      if (buyer % 4 === 2) {
        await fixture.call('DELETE', `/api/v1/bookings/${booking_id}`, { as: asPrincipal(user) })
        continue
      }
      const payment_id = newId('pay')
      const outcomes = await Promise.all(processes.map((deps) => pay(deps, booking_id, total, payment_id)))
      const kinds = outcomes.map(({ kind }) => kind).toSorted()
      if (kinds.includes('confirmed')) {
        expect(kinds).toEqual(['already-confirmed', 'confirmed'])
        for (const { tier_id, quantity } of items) sold[tier_id] = (sold[tier_id] ?? 0) + quantity
      } else expect(kinds).toEqual(['seats-gone', 'seats-gone'])
    }
  }
  let buying = true
  const sweeps = (async () => {
    while (buying) await announceExpired(fixture.deps, null)
  })()
  await Promise.all(Array.from({ length: WIDTH }, (_, buyer) => work(buyer)))
  buying = false
  await sweeps
  for (const { tier_id } of tiers) expect(await soldOf(tier_id)).toBe(sold[tier_id])
  await sound()
})

test('negative control: incrementing a counter that was read before the lock loses concurrent sales', async () => {
  const standing = tier({ categories: null, quantity: 100, max_per_order: 4 })
  await fixture.open(performance({ chart_id: null, tiers: [standing] }))
  await Promise.all(
    Array.from({ length: WIDTH }, async () => {
      const sold = (await soldOf(standing.tier_id)) ?? 0
      await fixture.owner.query(
        'update booking.quotas c set sold = $2 from booking.tiers t where t.tier_no = c.tier_no and t.tier_id = $1',
        [standing.tier_id, sold + 1],
      )
    }),
  )
  expect(await soldOf(standing.tier_id)).toBeLessThan(WIDTH)
  await fixture.owner.query(
    'update booking.quotas c set sold = 0 from booking.tiers t where t.tier_no = c.tier_no and t.tier_id = $1',
    [standing.tier_id],
  )
})

test('an order of two tiers, one of them reaped, is counted once', async () => {
  const tiers = ['floor', 'balcony'].map((name) => tier({ name, categories: null, quantity: 10, max_per_order: 4 }))
  const { performance_id } = await fixture.open(performance({ chart_id: null, tiers }))
  const items = tiers.map(({ tier_id }) => ({ tier_id, quantity: 2 }))
  const { booking_id } = (await holdAs(fixture, { performance_id, items })).body as { booking_id: string }
  await lapse(booking_id)
  // A hold on the floor reaps the floor's part of it; the balcony's remains.
  await holdAs(fixture, { performance_id, items: items.slice(0, 1) })
  await fixture.owner.query(`update booking.bookings set expires_at = now() + interval '1 min' where booking_id = $1`, [
    booking_id,
  ])
  await fixture.owner.query(
    `update booking.quota_holds set expires_at = now() + interval '1 min' where holder_id = $1`,
    [booking_id],
  )
  expect(await pay(fixture.deps, booking_id, 10_000)).toMatchObject({ kind: 'confirmed' })
  for (const { tier_id } of tiers) expect(await soldOf(tier_id)).toBe(2)
  await sound()
})

/** A payment refused because its seat was taken; the seat is released afterwards. */
async function refusedThenFree(seat: string): Promise<{ booking_id: string; payment_id: string }> {
  const { performance_id } = await fixture.open(performance())
  const { booking_id } = (await holdAs(fixture, { performance_id, seat_ids: [seat] })).body as { booking_id: string }
  await lapse(booking_id)
  const user = newId('usr')
  const other = (await holdAs(fixture, { performance_id, seat_ids: [seat] }, { user })).body as { booking_id: string }
  const payment_id = newId('pay')
  const asked = await Promise.all(
    Array.from({ length: WIDTH }, (_, i) =>
      pay(i % 2 === 0 ? fixture.deps : elsewhere(), booking_id, 2_500, payment_id),
    ),
  )
  expect(new Set(asked.map(({ kind }) => kind))).toEqual(new Set(['seats-gone']))
  await fixture.call('DELETE', `/api/v1/bookings/${other.booking_id}`, { as: asPrincipal(user) })
  return { booking_id, payment_id }
}

test('a refused payment gets the same verdict again after its seat is free; another payment may have it', async () => {
  const { booking_id, payment_id } = await refusedThenFree('E-1')
  expect(await pay(elsewhere(), booking_id, 2_500, payment_id)).toMatchObject({ kind: 'seats-gone' })
  expect(await pay(fixture.deps, booking_id, 2_500)).toMatchObject({ kind: 'confirmed' })
  expect(await pay(fixture.deps, booking_id, 2_500, payment_id)).toMatchObject({ kind: 'seats-gone' })
  await sound()
})

test('negative control: without the recorded verdict the second call would answer “confirmed”', async () => {
  const { booking_id, payment_id } = await refusedThenFree('E-2')
  await fixture.owner.query('delete from booking.refused_settlements where payment_id = $1', [payment_id])
  expect(await pay(fixture.deps, booking_id, 2_500, payment_id)).toMatchObject({ kind: 'confirmed' })
})

test('many orders of one tier are settled by few transactions', async () => {
  const standing = tier({ categories: null, quantity: 200, max_per_order: 4 })
  const { performance_id } = await fixture.open(performance({ chart_id: null, tiers: [standing] }))
  const holds = await Promise.all(
    Array.from({ length: 60 }, () =>
      holdAs(fixture, { performance_id, items: [{ tier_id: standing.tier_id, quantity: 1 }] }),
    ),
  )
  const outcomes = await Promise.all(
    holds.map((answer) => pay(fixture.deps, (answer.body as { booking_id: string }).booking_id, 2_500)),
  )
  expect(outcomes.map(({ kind }) => kind)).toEqual(holds.map(() => 'confirmed'))
  const rows = await fixture.owner.query<{ xid: string }>(
    `select distinct xid::text as xid from booking.outbox where topic = 'booking.confirmed' and key = $1`,
    [performance_id],
  )
  expect(rows.length).toBeLessThan(10)
})
