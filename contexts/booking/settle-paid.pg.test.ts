import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, holdAs, openFixture, performance } from './fixture.ts'
import { rpc } from './rpc.ts'

let fixture: Fixture
/** Looks at the tickets before there are any. */
let looks_in_vain = 0

beforeAll(async () => {
  fixture = await openFixture({
    rpc: {
      ticketing: {
        tickets_of: async () =>
          looks_in_vain-- > 0 ? [] : [{ id: 'tkt_1', seat_id: 'A-1', tier_id: 'tier_1', status: 'active' }],
        door_ticket: async () => null,
        code_keys: async () => [],
      },
    },
  })
})
afterAll(() => fixture[Symbol.asyncDispose]())

test('a payment that another caller settled a moment ago waits for its tickets, and not without end', async () => {
  const tonight = performance()
  await fixture.open(tonight)
  const held = await holdAs(fixture, { performance_id: tonight.performance_id, seat_ids: ['A-1'] })
  const { booking_id } = held.body as { booking_id: string }
  const { settle_paid } = rpc(fixture.deps)
  const payment = { booking_id, payment_id: 'pay_1', amount: money(2_500, 'EUR'), holder: null }
  expect((await settle_paid(payment)).kind).toBe('confirmed')
  looks_in_vain = 3
  expect(await settle_paid(payment)).toMatchObject({ kind: 'already-confirmed', tickets_issued: true })
  expect(looks_in_vain).toBeLessThan(0)
  looks_in_vain = Number.POSITIVE_INFINITY
  expect(await settle_paid(payment)).toMatchObject({ kind: 'already-confirmed', tickets_issued: false })
})
