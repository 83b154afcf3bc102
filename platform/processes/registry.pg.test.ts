import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Db, openDb } from '#platform/db'
import { createTelemetry } from '#platform/telemetry'
import { createTestDatabase, type TestDatabase } from '#platform/testing'
import { type JoinOptions, joinProcesses, type ProcessRegistry, TooFewConnectionsError } from './index.ts'
import { shareOf } from './registry.ts'

const { log } = createTelemetry({ level: 'fatal', service: 'test' })
const connections = { wanted: 60, least: 40 }
let database: TestDatabase
let owner: Db
let joined: ProcessRegistry[] = []
beforeEach(async () => {
  database = await createTestDatabase([])
  owner = openDb({ url: database.url })
})
afterEach(async () => {
  await Promise.all(joined.map((one) => one.leave()))
  joined = []
  await owner.close()
  await database[Symbol.asyncDispose]()
})

async function join(changes: Partial<JoinOptions> = {}): Promise<ProcessRegistry> {
  const one = await joinProcesses({
    url: database.url,
    siblings: 1,
    connections,
    connections_max: null,
    log,
    ...changes,
  })
  joined.push(one)
  return one
}

async function leave(one: ProcessRegistry): Promise<void> {
  joined = joined.filter((other) => other !== one)
  await one.leave()
}

test('a process alone is alone; once a second has joined, both know of each other', async () => {
  const first = await join()
  expect([first.several(), first.others()]).toEqual([false, 0])
  const second = await join()
  // Not soon after: when the second may serve, the first must know already.
  expect([first.several(), second.several()]).toEqual([true, true])
  await leave(second)
  await expect.poll(() => first.others(), { timeout: 5_000 }).toBe(0)
  expect(first.several()).toBe(true)
})

test('one that left before this one came does not count, one that came and went unseen does', async () => {
  await leave(await join())
  const first = await join()
  expect(first.several()).toBe(false)
  await owner.query(
    `insert into platform.processes (process_id, host, pid, backend_pid, connections, left_at)
     values (gen_random_uuid(), 'elsewhere', 1, 1, 1, now())`,
  )
  await expect.poll(() => first.several(), { timeout: 5_000 }).toBe(true)
})

test('a process whose session is ended registers again, and a killed one stops counting at once', async () => {
  const first = await join()
  await owner.query(
    `insert into platform.processes (process_id, host, pid, backend_pid, backend_start, connections, registered_at, seen_at)
     select gen_random_uuid(), 'elsewhere', 1, 1, now(), 300, now() - interval '1 minute', now() - interval '2 seconds'`,
  )
  await owner.query(`select pg_terminate_backend(backend_pid) from platform.processes where host <> 'elsewhere'`)
  const second = await join()
  expect(second.connections).toBe(60)
  await expect.poll(() => first.others(), { timeout: 5_000 }).toBe(1)
})

test('one that leaves and one that is killed are each told once to the others, one that joins is not', async () => {
  const first = await join()
  let told = 0
  first.onGone(() => told++)
  const second = await join()
  await expect.poll(() => first.others()).toBe(1)
  expect(told).toBe(0)
  await leave(second)
  await expect.poll(() => told, { timeout: 5_000 }).toBe(1)
  // As a killed process leaves its row: no session of it lives.
  await owner.query(
    `insert into platform.processes (process_id, host, pid, backend_pid, connections, seen_at)
     values (gen_random_uuid(), 'elsewhere', 1, 1, 1, now() + interval '1 second')`,
  )
  await expect.poll(() => first.others(), { timeout: 5_000 }).toBe(1)
  await expect.poll(() => told, { timeout: 5_000 }).toBe(2)
  expect(first.others()).toBe(0)
})

test('more processes than the server has connections for are refused with what to change', async () => {
  const [row] = await owner.query<{ limit: number }>(`select current_setting('max_connections')::int as limit`)
  const all = Math.floor((row?.limit ?? 0) / 2) + 20
  await join({ connections: { wanted: all, least: all } })
  const refused = join({ connections: { wanted: all, least: all } })
  await expect(refused).rejects.toThrow(TooFewConnectionsError)
  await expect(refused).rejects.toThrow(/max_connections to \d+ or more/)
}, 20_000)

test.each([
  ['a small server is shared between two', { allowed: 97, taken: 0 }, {}, 46],
  ['the second takes what is left', { allowed: 97, taken: 46 }, {}, 46],
  ['a large server gives what is wanted', { allowed: 500, taken: 0 }, {}, 60],
  ['four on one machine share', { allowed: 197, taken: 0 }, { siblings: 4 }, 48],
  ['a setting bounds the machine', { allowed: 500, taken: 0 }, { siblings: 2, connections_max: 90 }, 45],
])('%s', (_what, budget, changes, expected) => {
  const share = shareOf(budget, { siblings: 1, connections, connections_max: null, ...changes })
  expect(share).toEqual({ kind: 'share', connections: expected })
})

test.each([
  ['the third on a small server', { allowed: 97, taken: 92 }, {}, /max_connections to 137 or more/],
  ['a setting below the least', { allowed: 500, taken: 0 }, { siblings: 2, connections_max: 60 }, /at least 80/],
])('%s is refused', (_what, budget, changes, reason) => {
  const share = shareOf(budget, { siblings: 1, connections, connections_max: null, ...changes })
  expect(share).toEqual({ kind: 'too-few', reason: expect.stringMatching(reason) })
})
