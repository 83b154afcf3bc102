import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, ORGANIZER, openFixture } from '../fixture.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture({ webhooks: false })
})
afterAll(() => fixture[Symbol.asyncDispose]())

const WIDTH = 24
const ROUNDS = 10

test('24 people refund a third of one payment at once: three succeed, no cent more than came in', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { payment_id } = await fixture.pay()
    const answers = await Promise.all(
      Array.from({ length: WIDTH }, (_, i) =>
        fixture.call(
          ORGANIZER,
          'POST',
          `/api/v1/payments/${payment_id}/refund`,
          { amount: money(1_600, 'USD'), reason: 'race' },
          `race-${round}-${i}`,
        ),
      ),
    )
    const statuses = answers.map((answer) => answer.status).sort()
    expect(statuses).toEqual([...Array(3).fill(200), ...Array(WIDTH - 3).fill(422)])
    expect(await fixture.row(payment_id)).toMatchObject({ status: 'refunded', refunded: 4_800, refund_pending: 0 })
  }
  await fixture.sound()
})

test('negative control: looking first and writing what was computed gives back too much', async () => {
  const { owner } = fixture.context
  await owner.query(
    'create table payment.unguarded (id text primary key, captured bigint not null, refunded bigint not null)',
  )
  let overdrawn = 0
  for (let round = 0; round < ROUNDS; round++) {
    await owner.query('insert into payment.unguarded values ($1, 4800, 0)', [String(round)])
    const given = await Promise.all(
      Array.from({ length: WIDTH }, () =>
        fixture.context.db.transaction(async (tx) => {
          const [row] = await tx.query<{ captured: number; refunded: number }>(
            'select * from payment.unguarded where id = $1',
            [String(round)],
          )
          if (row === undefined || row.refunded + 1_600 > row.captured) return 0
          await tx.query('update payment.unguarded set refunded = $2 where id = $1', [
            String(round),
            row.refunded + 1_600,
          ])
          return 1_600
        }),
      ),
    )
    if (given.reduce<number>((sum, amount) => sum + amount, 0) > 4_800) overdrawn++
  }
  expect(overdrawn).toBeGreaterThan(0)
})
