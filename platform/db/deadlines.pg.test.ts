import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, openTcpProxy, type TcpProxy, type TestDatabase } from '#platform/testing'
import { type Db, isConnectionLoss, migrate, openDb, openPool } from './index.ts'

/** A database that stops answering is detected by everyone who waits for it in less than this. */
const NOTICED_MS_MAX = 10_000

let database: TestDatabase
let proxy: TcpProxy
const opened: Db[] = []
beforeAll(async () => {
  database = await createTestDatabase([{ name: 'shop', sql: null }])
  proxy = await openTcpProxy(database.url)
})
afterEach(async () => {
  proxy.resume()
  await Promise.all(opened.splice(0).map((db) => db.close()))
})
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

function open(options: Parameters<typeof openDb>[0] | object = {}): Db {
  const db = openDb({ url: proxy.url(database.url), connections_max: 2, ...options })
  opened.push(db)
  return db
}

/** The outcome of `waiting`, and the milliseconds until then. */
async function fate(waiting: Promise<unknown>): Promise<{ how: 'answered' | 'lost' | 'failed'; ms: number }> {
  const begun = performance.now()
  const how = await waiting.then(
    () => 'answered' as const,
    (error: unknown) => (isConnectionLoss(error) ? ('lost' as const) : ('failed' as const)),
  )
  return { how, ms: performance.now() - begun }
}

const lost = { how: 'lost', ms: expect.toSatisfy((ms: number) => ms < NOTICED_MS_MAX) }

test('a stalled database: statements, transactions and new connections fail in time, and work again after', async () => {
  const db = open()
  const fresh = open()
  await db.query('select 1')
  const commits = Promise.withResolvers<void>()
  const transaction = fate(
    db.transaction(async (tx) => {
      await tx.query('select 1')
      proxy.stall()
      commits.resolve()
      await tx.query('select 2')
    }),
  )
  await commits.promise
  const outcomes = await Promise.all([transaction, fate(db.query('select 1')), fate(fresh.query('select 1'))])
  expect(outcomes).toEqual([lost, lost, lost])
  proxy.resume()
  expect(await db.query<{ one: number }>('select 1 as one')).toEqual([{ one: 1 }])
  expect(await fresh.query<{ one: number }>('select 1 as one')).toEqual([{ one: 1 }])
}, 40_000)

test('an idle session is probed, and ends when nothing answers', async () => {
  const session = await open().connect()
  session.on('error', () => undefined)
  await session.query('listen nothing')
  const begun = performance.now()
  proxy.stall()
  await once(session, 'end')
  expect(performance.now() - begun).toBeLessThan(NOTICED_MS_MAX)
  session.release(true)
}, 20_000)

test('a long statement may run while the server is there, and is given up when it is not', async () => {
  const auditor = open({ statement_timeout_ms: 60_000 })
  expect(await fate(auditor.query('select pg_sleep(9.5)'))).toMatchObject({ how: 'answered' })
  const sleeping = fate(auditor.query('select pg_sleep(50)'))
  // The server reports that the statement is running.
  const watcher = openDb({ url: database.url })
  opened.push(watcher)
  await expect
    .poll(() => watcher.query("select from pg_stat_activity where query = 'select pg_sleep(50)'"))
    .toHaveLength(1)
  proxy.stall()
  expect(await sleeping).toEqual(lost)
}, 40_000)

test('control: without a deadline the same statement waits on', async () => {
  const pool = openPool({
    url: proxy.url(database.url),
    application_name: 'control',
    connections_max: 1,
    statement_timeout_ms: null,
  })
  await pool.query('select 1')
  proxy.stall()
  const waiting = pool.query('select 2').then(() => 'answered')
  const deadline = new Promise((resolve) => setTimeout(() => resolve('waits'), NOTICED_MS_MAX))
  expect(await Promise.race([waiting, deadline])).toBe('waits')
  proxy.resume()
  expect(await waiting).toBe('answered')
  await pool.end()
}, 30_000)

test('a migrator behind a stalled proxy gives up, and one that waits for another delays no event', async () => {
  const watcher = openDb({ url: database.url })
  opened.push(watcher)
  const holder = await watcher.connect()
  await holder.query('select pg_advisory_lock(7236470001)')
  const migration = fate(migrate(proxy.url(database.url), [{ name: 'shop', sql: null }]))
  const waits = (): Promise<object[]> =>
    watcher.query("select state, backend_xmin from pg_stat_activity where application_name = 'tessera-migrate'")
  await expect.poll(waits).toEqual([{ state: 'idle', backend_xmin: null }])
  proxy.stall()
  const outcome = await migration
  holder.release(true)
  expect(outcome).toEqual(lost)
}, 30_000)
