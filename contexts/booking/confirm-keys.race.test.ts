import { expect, test } from 'vitest'
import { BY_KEY, type Db, openDb } from '#platform/db'
import { answer, type Idempotency } from '#platform/http'
import { ConfirmKeys } from './confirm-keys.ts'
import { openFixture } from './fixture.ts'

const COUNT = 64
const ROUNDS = 10

test('the same keys from two processes in opposite orders: one answer each, and nobody waits for a deadlock', async () => {
  await using fixture = await openFixture()
  // Plans as they are once the table is large.
  const pool = openDb({ url: fixture.url, role: 'tessera_booking', search_path: 'booking', settings: BY_KEY })
  let deadlocks = 0
  const note = (error: unknown): never => {
    if (error instanceof Error && 'code' in error && error.code === '40P01') deadlocks++
    throw error
  }
  const db: Db = {
    ...pool,
    many: (statement, params) => pool.many<never>(statement, params).catch(note),
    none: (statement, params) => pool.none(statement, params).catch(note),
  }
  for (let round = 0; round < ROUNDS; round++) {
    const asked = Array.from({ length: COUNT }, (_, n): Idempotency => {
      return { owner: 'usr', operation: 'confirm', key: `${round}-${n}`, body_hash: 'h' }
    })
    const [one, other] = await Promise.all(
      [asked, asked.toReversed()].map(async (own, process) => {
        const keys = new ConfirmKeys(db)
        return Promise.all(own.map((idempotency) => keys.once(idempotency, async () => answer(200, { process }))))
      }),
    )
    const bodies = (outcomes: typeof one) => outcomes?.map((outcome) => outcome.kind === 'answer' && outcome.body)
    expect(bodies(one)).toEqual(bodies(other?.toReversed()))
  }
  await pool.close()
  expect(deadlocks).toBe(0)
})
