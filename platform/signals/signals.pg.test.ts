import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, openDb } from '#platform/db'
import { createTelemetry } from '#platform/telemetry'
import { createTestDatabase, openTcpProxy, type TestDatabase } from '#platform/testing'
import { openSignals, type Signals } from './index.ts'
import { packed } from './signals.ts'

const { log } = createTelemetry({ level: 'fatal', service: 'test' })
let database: TestDatabase
let owner: Db
const open: { close(): Promise<void> }[] = []
beforeAll(async () => {
  database = await createTestDatabase([])
  owner = openDb({ url: database.url })
})
afterAll(async () => {
  for (const one of open.toReversed()) await one.close()
  await owner.close()
  await database[Symbol.asyncDispose]()
})

function process(url = database.url): { signals: Signals; db: Db } {
  const db = openDb({ url, connections_max: 1 })
  const signals = openSignals({ db, log })
  open.push(db, signals)
  return { signals, db }
}

/** Resolves once a signal of one arrives at the other. */
async function connected(from: Signals, to: Signals): Promise<void> {
  let heard = false
  const stop = to.on('hello', () => (heard = true))
  await expect
    .poll(
      () => {
        from.send('hello', {})
        return heard
      },
      { timeout: 15_000 },
    )
    .toBe(true)
  stop()
}

test('a thousand signals at once reach the other process in order, in a few NOTIFYs on one session', async () => {
  const sender = process()
  const receiver = process()
  await connected(sender.signals, receiver.signals)
  const heard: unknown[] = []
  receiver.signals.on('seat', (data) => heard.push(data))
  const listener = await owner.connect()
  let notifications = 0
  listener.on('notification', () => notifications++)
  await listener.query('listen tessera_signals')
  const sent = Array.from({ length: 1_000 }, (_, seat) => ({ seat }))
  for (const data of sent) sender.signals.send('seat', data)
  await expect.poll(() => heard.length).toBe(sent.length)
  expect(heard).toEqual(sent)
  await listener.query('select 1')
  listener.release(true)
  expect(notifications).toBeGreaterThan(0)
  expect(notifications).toBeLessThan(20)
})

test('after a database that stopped answering, signals arrive again once it answers', async () => {
  const proxy = await openTcpProxy(database.url)
  const sender = process()
  const receiver = process(proxy.url(database.url))
  await connected(sender.signals, receiver.signals)
  const before = proxy.accepted()
  proxy.stall()
  // It has given up the old session when it opens another.
  await expect.poll(() => proxy.accepted(), { timeout: 10_000 }).toBeGreaterThan(before)
  proxy.resume()
  await connected(sender.signals, receiver.signals)
  await receiver.signals.close()
  await receiver.db.close()
  open.splice(open.indexOf(receiver.db), 1)
  await proxy[Symbol.asyncDispose]()
}, 40_000)

test('one NOTIFY carries no more than PostgreSQL takes, and at least one signal', () => {
  const signals = Array.from({ length: 300 }, (_, n) => JSON.stringify(['channel', { n, text: 'é'.repeat(20) }]))
  const first = packed('x', signals)
  expect(Buffer.byteLength(first.payload)).toBeLessThanOrEqual(7_900)
  expect(JSON.parse(first.payload).signals.length + first.rest.length).toBe(300)
  expect(first.rest.length).toBeLessThan(300)
})
