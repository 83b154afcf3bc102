import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Invariant } from '#platform/context'
import { type Db, openDb } from '#platform/db'
import { createTelemetry, type Telemetry } from '#platform/telemetry'
import { createTestDatabase } from '#platform/testing'
import { checkInvariants } from './integrity.ts'
import { invariantJobs } from './watch-invariants.ts'

let db: Db
let database: Awaited<ReturnType<typeof createTestDatabase>>

beforeAll(async () => {
  database = await createTestDatabase([])
  db = openDb({ url: database.url })
  await db.query('create table broken (id int)')
})
afterAll(async () => {
  await db.close()
  await database[Symbol.asyncDispose]()
})

const invariant = (id: string, text: string): Invariant => ({
  id,
  title: id,
  statement: { name: id, text, params: [] },
})

const INVARIANTS = [
  invariant('HOLDS', 'select id from broken where id < 0'),
  invariant('BROKEN', 'select id from broken'),
  invariant('SLOW', 'select id from broken where id < 0'),
]

async function violationsOf(telemetry: Telemetry): Promise<Record<string, number>> {
  const metric = telemetry.registry.getSingleMetric('invariant_violations_total')
  if (metric === undefined) throw new Error('There is no metric of violations')
  const { values } = await metric.get()
  return Object.fromEntries(values.map((value) => [String(value.labels.id), value.value]))
}

/** The jobs with a simulated clock: each reading advances it by `took_ms`. */
function watch(took_ms: () => number) {
  const telemetry = createTelemetry({ level: 'silent', service: 'test' })
  const clock = { now_ms: 0 }
  const now_ms = (): number => {
    clock.now_ms += took_ms()
    return clock.now_ms
  }
  const jobs = invariantJobs({ auditor: db, invariants: INVARIANTS, telemetry, now_ms })
  const run = async (name: string): Promise<void> => {
    const job = jobs.find((one) => one.name === name)
    if (job === undefined) throw new Error(`There is no job ${name}`)
    await job.run({ as_of: null })
  }
  return { telemetry, clock, run }
}

test('the invariants are checked one after another; a violation is counted by id', async () => {
  await db.query('insert into broken values (1), (2)')
  const { telemetry, run } = watch(() => 0)
  for (let look = 0; look < INVARIANTS.length; look++) await run('platform.check-next-invariant')
  expect(await violationsOf(telemetry)).toEqual({ HOLDS: 0, BROKEN: 2, SLOW: 0 })
  await run('platform.check-invariants')
  expect(await violationsOf(telemetry)).toEqual({ HOLDS: 0, BROKEN: 4, SLOW: 0 })
})

test('a slow check is followed by a rest nineteen times as long', async () => {
  let took_ms = 500
  const { telemetry, clock, run } = watch(() => took_ms)
  await run('platform.check-next-invariant')
  const checked = async () => Object.keys(await violationsOf(telemetry)).length
  expect(await checked()).toBe(1)
  took_ms = 0
  clock.now_ms = 500 + 20 * 500 - 1
  await run('platform.check-next-invariant')
  expect(await checked()).toBe(1)
  clock.now_ms++
  await run('platform.check-next-invariant')
  expect(await checked()).toBe(2)
})

test('a million violations are counted where they are; the rows stay in the database', async () => {
  const before = process.memoryUsage().heapUsed
  const everywhere = invariant('EVERYWHERE', `select n, repeat('x', 100) as text from generate_series(1, 1000000) n`)
  const report = await checkInvariants(db, [everywhere])
  expect(report.invariants).toEqual([{ id: 'EVERYWHERE', title: 'EVERYWHERE', violations: 1_000_000 }])
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000)
})
