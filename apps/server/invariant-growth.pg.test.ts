import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, openDb, type Queryable, type Statement } from '#platform/db'
import { AUDIT_SETTINGS, countViolations, type Invariant, type Key, nextSlice } from '#platform/invariants'
import { createTelemetry } from '#platform/telemetry'
import { createTestDatabase, violationsOf } from '#platform/testing'
import { productSchemas } from './compose.ts'
import { contextNames, contexts } from './contexts.ts'
import { fillProduct } from './invariant-growth.fixture.ts'
import { productInvariants } from './invariants.ts'
import { invariantJobs } from './watch-invariants.ts'

/** Bookings at the smallest size; each has its payment, ticket and what else belongs to it. */
const BASE = 10
/** So few that a slice is full already at ten times that. */
const SLICE_ROWS = 10
const LARGE = 1_000 * BASE
/**
 * A B-tree of a hundred times the rows is a level or two higher, and each look-up reads a block a level; rows that shared the
 * only block of a table may each have one of their own.
 */
const GROWTH_MAX = 2
const BLOCKS_MORE_MAX = 2 * SLICE_ROWS

let database: Awaited<ReturnType<typeof createTestDatabase>>
let owner: Db
let auditor: Db
let invariants: readonly Invariant[]
/** Blocks that a slice of each invariant reads at ten times the base. */
let small: Blocks

beforeAll(async () => {
  database = await createTestDatabase(await productSchemas())
  owner = openDb({ url: database.url, statement_timeout_ms: 60_000 })
  auditor = openDb({ url: database.url, role: 'tessera_auditor', settings: AUDIT_SETTINGS })
  const all = await Promise.all(contextNames.map((name) => contexts[name]()))
  invariants = [...all.flatMap((context) => context.invariants), ...productInvariants]
  // Plans depend on statistics, which are taken only where a test takes them.
  await owner.query(`do $$
    declare v_table regclass;
    begin
      for v_table in select oid from pg_class where relkind = 'r' and relnamespace::regnamespace::text !~ '^(pg_|information)' loop
        execute format('alter table %s set (autovacuum_enabled = false)', v_table);
      end loop;
    end $$`)
  await fillProduct(owner, 1, BASE)
  await owner.query('vacuum (analyze)')
  await fillProduct(owner, BASE + 1, 10 * BASE)
  small = await blocksRead(auditor, invariants)
  await fillProduct(owner, 10 * BASE + 1, LARGE)
}, 120_000)
afterAll(async () => {
  await owner.close()
  await auditor.close()
  await database[Symbol.asyncDispose]()
})

type Blocks = Readonly<Record<string, number>>
type Plan = [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }]

/** Runs statements as `tx` does, planned as its settings say, and adds up the blocks that they read. */
function counting(tx: Queryable): { db: Queryable; blocks(): number } {
  let blocks = 0
  const query = async <R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> => {
    const literals = values.map((value) => (typeof value === 'number' ? value : `'${String(value)}'`))
    await tx.query(`prepare measured as ${text}`)
    const [row] = await tx.query<{ 'QUERY PLAN': Plan }>(
      `explain (analyze, buffers, format json) execute measured ${values.length === 0 ? '' : `(${literals.join(', ')})`}`,
    )
    await tx.query('deallocate measured')
    if (row === undefined) throw new Error('There is no plan')
    const { Plan } = row['QUERY PLAN'][0]
    blocks += Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks']
    return tx.query<R>(text, values)
  }
  return { db: { ...tx, query }, blocks: () => blocks }
}

/** The blocks read to find and check a slice of each: the most of the first slice and two further on. */
async function blocksRead(db: Db, which: readonly Invariant[], rows = SLICE_ROWS): Promise<Blocks> {
  const most: Record<string, number> = {}
  for (const invariant of which) {
    const { id, keys } = invariant
    const blocks: number[] = []
    for (const after of keys === undefined ? [null] : await starts(keys)) {
      await db.transaction(async (tx) => {
        const counter = counting(tx)
        const slice = keys === undefined ? undefined : await nextSlice(counter.db, keys, after, rows)
        expect(await countViolations(counter.db, invariant, slice), id).toBe(0)
        blocks.push(counter.blocks())
      })
    }
    most[id] = Math.max(...blocks)
  }
  return most
}

async function starts({ text }: Statement): Promise<(Key | null)[]> {
  const rows = await owner.query<{ key: Key }>(
    `select key from (
       select key, row_number() over (order by key) as nth, count(*) over () as total from (${text}) keys) numbered
     where nth in (total / 3, total * 2 / 3)`,
  )
  return [null, ...rows.map(({ key }) => key)]
}

/** Those whose slices read more than they did at ten times the base. */
const grown = (now: Blocks): object[] =>
  Object.entries(now)
    .map(([id, blocks]) => ({ id, blocks, before: small[id] ?? 0 }))
    .filter(({ blocks, before }) => blocks > GROWTH_MAX * before + BLOCKS_MORE_MAX)

test('what is measured is a sound product in which every invariant with slices has more than one', async () => {
  expect(await violationsOf(auditor, invariants)).toEqual({})
  for (const { id, keys } of invariants) if (keys !== undefined) expect(await starts(keys), id).toHaveLength(3)
})

test('a slice reads as much at 1,000 times the size as at 10 times, with statistics of the smallest size and of now', async () => {
  expect(grown(await blocksRead(auditor, invariants))).toEqual([])
  await owner.query('vacuum (analyze)')
  expect(grown(await blocksRead(auditor, invariants))).toEqual([])
})

const SOME: readonly string[] = ['I5', 'I7-tickets', 'I9', 'I10', 'I18', 'I20', 'I22-state', 'I29']

test('negative control: whole, each reads fifty times as much and more', async () => {
  const some = invariants.filter(({ id }) => SOME.includes(id))
  const whole = await blocksRead(auditor, some, 1_000_000)
  for (const id of SOME) expect(whole[id], id).toBeGreaterThan(50 * (small[id] ?? 0))
})

test('negative control: by plans that look at the keys, or that may read whole tables, slices grow', async () => {
  const { plan_cache_mode: _, ...peeking } = AUDIT_SETTINGS
  for (const settings of [{}, peeking]) {
    await using careless = disposable(openDb({ url: database.url, role: 'tessera_auditor', settings }))
    await owner.query(`delete from pg_statistic`)
    expect(grown(await blocksRead(careless, invariants))).not.toEqual([])
  }
})

test('of 10,000 payments, one left pending for 61 s and a refund never sent are found in the first turn', async () => {
  const plant = [
    `update payment.payments set settlement = 'pending', settled_at = null, succeeded_at = now() - interval '61 seconds'
     where id = (select max(id) from payment.payments)`,
    `insert into payment.refunds (id, payment_id, amount, currency, reason, cause, created_at)
     select 'ref_~', max(id), 1, 'EUR', 'requested', 'x', now() - interval '26 hours' from payment.payments`,
  ]
  for (const text of plant) await owner.query(text)
  const telemetry = createTelemetry({ level: 'silent', service: 'test' })
  await using recorder = disposable(openDb({ url: database.url, role: 'tessera_relay' }))
  const jobs = invariantJobs({ auditor, recorder, invariants, telemetry, now_ms: () => 0, slice_rows: SLICE_ROWS })
  for (let turn = 0; turn < invariants.length; turn++) for (const job of jobs) await job.run({ as_of: null })
  const { values } = (await telemetry.registry.getSingleMetric('invariant_violations_total')?.get()) ?? { values: [] }
  const found = values.filter(({ value }) => value > 0).map(({ labels, value }) => [labels.id, value])
  expect(found).toEqual([
    ['I11-sent', 1],
    ['I5-settled', 1],
  ])
})

const disposable = (db: Db): Db & AsyncDisposable => ({ ...db, [Symbol.asyncDispose]: () => db.close() })
