import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import type { ChargeLimits } from '@tessera/contracts/pricing/chargeable'
import { CHARGE_LIMITS } from '@tessera/contracts/pricing/chargeable.fixture'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KnownChargeLimits } from './charge-limits.ts'
import { type Fixture, holdAs, openFixture, performance, tier } from './fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

test('an order beyond what can be charged is refused with the reason, and nothing is held; a smaller one is won', async () => {
  const boxes = tier({ name: 'Boxes', price: money(50_000_000, 'EUR'), categories: null, quantity: 12 })
  const seats = tier({ price: money(40_000_000, 'EUR') })
  const { performance_id } = await fixture.open(performance({ tiers: [seats, boxes] }))
  const user = newId('usr')
  const hold = (what: object, key: string) => holdAs(fixture, { performance_id, ...what }, { user, key })
  const wants = [
    { items: [{ tier_id: boxes.tier_id, quantity: 10 }] },
    { seat_ids: ['A-1', 'A-2', 'A-3'] },
    { best_available: { tier_id: seats.tier_id, quantity: 3 } },
  ]
  for (const [n, want] of wants.entries()) {
    const refused = await hold(want, `k${n}`)
    expect(refused).toMatchObject({ status: 422, body: { type: '/problems/limit-exceeded' } })
    expect((refused.body as { detail: string }).detail).toContain('at most €999,999.99')
  }
  const held = await fixture.owner.query('select from booking.bookings where owner_id = $1', [user])
  expect(held).toEqual([])
  // A refusal binds no key.
  expect((await hold({ seat_ids: ['A-1', 'A-2'] }, 'k1')).status).toBe(201)
  expect((await hold({ items: [{ tier_id: boxes.tier_id, quantity: 1 }] }, 'k0')).status).toBe(201)
})

test('payment is asked once, not by each hold; without an answer no order is refused for its total', async () => {
  let asked = 0
  const limits = (charge_limits: () => ChargeLimits) =>
    new KnownChargeLimits({
      rpc: {
        payment: {
          charge_limits: async () => {
            asked++
            return charge_limits()
          },
        },
      },
      telemetry: fixture.deps.telemetry,
    })
  const known = limits(() => CHARGE_LIMITS)
  expect(await Promise.all([known.get(), known.get()])).toEqual([CHARGE_LIMITS, CHARGE_LIMITS])
  expect(known.get()).toBe(CHARGE_LIMITS)
  expect(asked).toBe(1)
  const away = limits(() => {
    throw new Error('payment is away')
  })
  expect([await away.get(), away.get()]).toEqual([null, null])
  expect(asked).toBe(2)
})
