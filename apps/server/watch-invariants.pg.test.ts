import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Db, openDb } from '#platform/db'
import type { Invariant } from '#platform/invariants'
import { createTelemetry, type Telemetry } from '#platform/telemetry'
import { createTestDatabase } from '#platform/testing'
import { invariantJobs } from './watch-invariants.ts'

let db: Db
let recorder: Db
let database: Awaited<ReturnType<typeof createTestDatabase>>

beforeAll(async () => {
  database = await createTestDatabase([])
  db = openDb({ url: database.url })
  recorder = openDb({ url: database.url, role: 'tessera_relay' })
  await db.query('create table broken (id int primary key)')
})
beforeEach(async () => {
  await db.query('truncate broken, platform.invariant_rounds')
})
afterAll(async () => {
  await db.close()
  await recorder.close()
  await database[Symbol.asyncDispose]()
})

const invariant = (id: string, text: string): Invariant => ({
  id,
  title: id,
  statement: { name: id, text, params: [] },
})

/** Each row is a violation, found by its key. */
const SLICED: Invariant = {
  id: 'SLICED',
  title: 'SLICED',
  statement: { name: 'sliced', text: 'select id from broken where id between $1 and $2', params: ['from', 'to'] },
  keys: { name: 'keys', text: 'select id as key from broken', params: [] },
}

const INVARIANTS = [
  invariant('HOLDS', 'select id from broken where id < 0'),
  invariant('BROKEN', 'select id from broken'),
  SLICED,
]

function violationsOf(telemetry: Telemetry): Promise<Record<string, number>> {
  return countsById(telemetry, 'invariant_violations_total')
}

async function countsById(telemetry: Telemetry, name: string): Promise<Record<string, number>> {
  const metric = telemetry.registry.getSingleMetric(name)
  if (metric === undefined) throw new Error(`There is no metric ${name}`)
  const { values } = await metric.get()
  return Object.fromEntries(values.map((value) => [String(value.labels.id), value.value]))
}

/** The jobs with a simulated clock: each reading advances it by `took_ms`. */
function watch(took_ms: () => number, auditor: Db = db, invariants: readonly Invariant[] = INVARIANTS) {
  const telemetry = createTelemetry({ level: 'silent', service: 'test' })
  const clock = { now_ms: 0 }
  const now_ms = (): number => {
    clock.now_ms += took_ms()
    return clock.now_ms
  }
  const jobs = invariantJobs({ auditor, recorder, invariants, telemetry, now_ms, slice_rows: 2 })
  const run = async (): Promise<void> => {
    for (const job of jobs) await job.run({ as_of: null })
  }
  /** Every invariant once. */
  const turn = async (): Promise<void> => {
    for (let look = 0; look < INVARIANTS.length; look++) await run()
  }
  return { telemetry, clock, run, turn }
}

test('every second one slice of the next invariant; a violation is counted by id; the round begins again', async () => {
  await db.query('insert into broken select generate_series(1, 5)')
  const { telemetry, turn } = watch(() => 0)
  for (const found of [2, 4, 5, 7]) {
    await turn()
    expect((await violationsOf(telemetry))['SLICED']).toBe(found)
  }
  expect(await violationsOf(telemetry)).toEqual({ HOLDS: 0, BROKEN: 20, SLICED: 7 })
})

test('rows that come or go between two slices: what is left of the round is still checked, and an empty table is none', async () => {
  await db.query('insert into broken select generate_series(1, 5)')
  const { telemetry, turn } = watch(() => 0)
  const found = async (): Promise<number | undefined> => (await violationsOf(telemetry))['SLICED']
  await turn()
  await db.query('delete from broken where id in (2, 3)')
  await db.query('insert into broken values (0), (6), (7)')
  await turn()
  expect(await found()).toBe(4)
  await turn()
  expect(await found()).toBe(6)
  // The next round begins with the row that came before the first key.
  await turn()
  expect(await found()).toBe(8)
  await db.query('truncate broken')
  await turn()
  expect(await found()).toBe(8)
})

test('a slice that fails is checked again at the next turn of its invariant; the others go on', async () => {
  await db.query('insert into broken select generate_series(1, 5)')
  let failing = false
  const fails: Db = {
    ...db,
    query: (text, values) =>
      failing && text.includes('between') ? Promise.reject(new Error('no answer')) : db.query(text, values),
  }
  const { telemetry, turn, run } = watch(() => 0, fails)
  await turn()
  failing = true
  await run()
  await run()
  await expect(run()).rejects.toThrow('sliced: no answer')
  failing = false
  await turn()
  expect(await violationsOf(telemetry)).toEqual({ HOLDS: 0, BROKEN: 15, SLICED: 4 })
})

test('one that fails for ever at once stops no other', async () => {
  await db.query('insert into broken select generate_series(1, 5)')
  const fails: Db = {
    ...db,
    query: (text, values) =>
      text.includes('between') ? Promise.reject(new Error('no answer')) : db.query(text, values),
  }
  const { telemetry, run } = watch(() => 0, fails)
  for (let look = 0; look < 9; look++) await run().catch((error: unknown) => expect(error).toBeInstanceOf(Error))
  expect(await violationsOf(telemetry)).toEqual({ HOLDS: 0, BROKEN: 15 })
  expect(await countsById(telemetry, 'invariant_check_failures_total')).toEqual({ SLICED: 3 })
})

test('a clock that was set back gives nobody two turns', async () => {
  const { telemetry, turn } = watch(() => 0)
  await db.query('insert into broken values (1)')
  await turn()
  await db.query(`update platform.invariant_rounds set checked_at = checked_at + interval '1 hour'`)
  await turn()
  await turn()
  expect((await violationsOf(telemetry))['BROKEN']).toBe(3)
})

test('what was found is told although it could not be recorded', async () => {
  await db.query('insert into broken values (1)')
  const { telemetry, run } = watch(() => 0, db, [invariant('BROKEN', 'select id from broken')])
  await db.query('revoke insert on platform.invariant_rounds from tessera_relay')
  await expect(run()).rejects.toThrow('permission denied')
  await db.query('grant insert on platform.invariant_rounds to tessera_relay')
  expect(await violationsOf(telemetry)).toEqual({ BROKEN: 1 })
})

test('a leader goes on where the last one stopped: rows that are always in the last slice are found', async () => {
  await db.query('insert into broken select generate_series(1, 20)')
  const last = { ...SLICED, statement: { ...SLICED.statement, text: `${SLICED.statement.text} and id > 18` } }
  const found: number[] = []
  // Ten slices, and each leader lives for nine.
  for (let leader = 0; leader < 3; leader++) {
    const { telemetry, run } = watch(() => 0, db, [last])
    for (let slice = 0; slice < 9; slice++) await run()
    found.push((await violationsOf(telemetry))['SLICED'] ?? 0)
  }
  expect(found).toEqual([0, 2, 2])
})

test('leaders that live for one slice check every invariant in turn', async () => {
  await db.query('insert into broken select generate_series(1, 5)')
  const counts: number[] = []
  for (let leader = 0; leader < INVARIANTS.length; leader++) {
    const { telemetry, run } = watch(() => 0)
    await run()
    counts.push(...Object.values(await violationsOf(telemetry)))
  }
  expect(counts).toEqual([0, 5, 2])
})

test('how long a round took is known to a leader that saw only its end', async () => {
  await db.query('insert into broken select generate_series(1, 4)')
  const first = watch(() => 0, db, [SLICED])
  await first.run()
  await db.query(`update platform.invariant_rounds set began_at = began_at - interval '1 hour'`)
  const { telemetry, run } = watch(() => 0, db, [SLICED])
  await run()
  await run()
  const [round] = (await telemetry.registry.getSingleMetric('invariant_round_seconds')?.get())?.values ?? []
  expect(round?.value).toBeGreaterThanOrEqual(3_600)
})

test('a slow check is followed by a rest nineteen times as long', async () => {
  let took_ms = 500
  const { telemetry, clock, run } = watch(() => took_ms)
  await run()
  const checked = async () => Object.keys(await violationsOf(telemetry)).length
  expect(await checked()).toBe(1)
  took_ms = 0
  clock.now_ms = 500 + 20 * 500 - 1
  await run()
  expect(await checked()).toBe(1)
  clock.now_ms++
  await run()
  expect(await checked()).toBe(2)
})
