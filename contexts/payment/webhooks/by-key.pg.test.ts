import { afterAll, beforeAll, expect, test } from 'vitest'
import { BY_KEY, type Db, loadSql, openDb } from '#platform/db'
import { type Fixture, openFixture } from '../fixture.ts'

const OLD_PAYMENTS = 2_000
const sql = loadSql(new URL('./process.ts', import.meta.url).href, [
  'claim_events',
  'payments_meant',
  'mark_done',
  'mark_parked',
])
let fixture: Fixture
let db: Db

beforeAll(async () => {
  fixture = await openFixture({ webhooks: false })
  await fixture.context.owner.query('alter table payment.payments set (autovacuum_enabled = false)')
  db = openDb({
    url: fixture.context.url,
    role: 'tessera_payment',
    search_path: 'payment',
    connections_max: 1,
    settings: BY_KEY,
  })
})
afterAll(async () => {
  await db.close()
  await fixture[Symbol.asyncDispose]()
})

/** Payments found for these references, and the rows that were read for it, as the transaction counts them. */
async function lookFor(intent_refs: readonly string[]): Promise<{ found: number; read: number }> {
  return db.transaction(async (tx) => {
    const found = await tx.many(sql.payments_meant, {
      providers: intent_refs.map(() => 'stripe'),
      intent_refs,
      payment_hints: intent_refs.map(() => null),
    })
    const [counted] = await tx.query<{ rows: number }>(
      `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows from pg_stat_xact_user_tables
       where schemaname = 'payment' and relname = 'payments'`,
    )
    return { found: found.length, read: counted?.rows ?? 0 }
  })
}

test('a plan made while there was one payment reads no more of them once there are thousands', async () => {
  const { payment_id } = await fixture.pay()
  const [paid] = await fixture.context.owner.query<{ provider_ref: string }>(
    'select provider_ref from payment.payments where id = $1',
    [payment_id],
  )
  const known = paid?.provider_ref ?? ''
  expect(await lookFor([known, 'pi_unknown'])).toMatchObject({ found: 1 })
  await fixture.context.db.query(
    `insert into payment.payments (id, booking_id, user_id, organization_id, event_id, provider, provider_ref, amount,
       currency, description, hold_expires_at)
     select 'pay_0' || n, 'bk_0' || n, user_id, organization_id, event_id, provider, 'pi_0' || n, amount, currency, description, now()
     from payment.payments, generate_series(1, $2::int) n where id = $1`,
    [payment_id, OLD_PAYMENTS],
  )
  const seen = await lookFor([known, 'pi_unknown', 'pi_017'])
  expect(seen.found).toBe(2)
  expect(seen.read).toBeLessThan(20)
})
