import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Db, openDb } from '#platform/db'
import { createTelemetry } from '#platform/telemetry'
import { createTestDatabase, type TestDatabase } from '#platform/testing'
import { consumer, type Envelope, openPostgresTransport, openRelay, publisher, type Relay } from './index.ts'

type ShopEvents = { 'shop.sold': { n: number } }
const publish = publisher<ShopEvents>()
/**
 * The relay waits for the oldest transaction of the whole server, including those of other files' template databases.
 */
const PATIENCE_MS = 20_000

let database: TestDatabase
let shop: Db
let ledger: Db
let owner: Db
let relayDb: Db
const relays: Relay[] = []

beforeAll(async () => {
  database = await createTestDatabase([
    { name: 'shop', sql: null },
    { name: 'ledger', sql: null },
  ])
  shop = openDb({
    url: database.url,
    role: 'tessera_shop',
    search_path: 'shop',
    onPublished: (topics) => relays.forEach((relay) => relay.nudge(topics)),
  })
  ledger = openDb({ url: database.url, role: 'tessera_ledger', search_path: 'ledger' })
  owner = openDb({ url: database.url })
  relayDb = openDb({ url: database.url, role: 'tessera_relay' })
})

afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.close()))
})

afterAll(async () => {
  await Promise.all([shop, ledger, owner, relayDb].map((db) => db.close()))
  await database[Symbol.asyncDispose]()
})

function start(name: string, handle: (event: Envelope) => Promise<void>): Relay {
  const relay = openRelay({
    db: relayDb,
    transport: openPostgresTransport(relayDb),
    consumers: [
      {
        consumer: consumer<ShopEvents>(name, 'idempotent', { 'shop.sold': async (_tx, event) => handle(event) }),
        db: ledger,
      },
    ],
    telemetry: createTelemetry({ level: 'fatal', service: 'test' }),
    poll_ms: () => 20,
  })
  relays.push(relay)
  relay.start()
  return relay
}

const sell = (key: string, n: number): Promise<string> => shop.transaction((tx) => publish(tx, 'shop.sold', key, { n }))

test('a transaction that got its id early and commits late is not skipped', async () => {
  const seen: number[] = []
  const relay = start('ledger.late', async (event) => {
    seen.push((event.payload as { n: number }).n)
  })
  await relay.settle()
  seen.length = 0
  const published = Promise.withResolvers<void>()
  const commit = Promise.withResolvers<void>()
  const early = shop.transaction(async (tx) => {
    await publish(tx, 'shop.sold', 'late', { n: 1 })
    published.resolve()
    await commit.promise
  })
  await published.promise
  const second = await sell('late', 2)
  expect(await relay.delivered(second, ['ledger.late'], 100)).toBe(false)
  commit.resolve()
  await early
  expect(await relay.delivered(second, ['ledger.late'], PATIENCE_MS)).toBe(true)
  expect(seen).toEqual([1, 2])
})

test('two relays at once still make each effect happen once', async () => {
  const seen: number[] = []
  const handle = async (event: Envelope): Promise<void> => {
    if (event.key === 'twice') seen.push((event.payload as { n: number }).n)
  }
  const one = start('ledger.twice', handle)
  const two = start('ledger.twice', handle)
  let last = ''
  for (let n = 0; n < 50; n++) last = await sell('twice', n)
  expect(await one.delivered(last, ['ledger.twice'], PATIENCE_MS)).toBe(true)
  expect(seen).toEqual([...Array(50).keys()])
  expect([one.leading(), two.leading()].filter(Boolean)).toHaveLength(1)
  await one.close()
  await two.settle()
  expect(seen).toHaveLength(50)
})

test('events delayed by an open transaction count as lag', async () => {
  const telemetry = createTelemetry({ level: 'fatal', service: 'test' })
  const published = Promise.withResolvers<void>()
  const commit = Promise.withResolvers<void>()
  const relay = openRelay({
    db: relayDb,
    transport: openPostgresTransport(relayDb),
    consumers: [
      {
        consumer: consumer<ShopEvents>('ledger.lag', 'idempotent', { 'shop.sold': async () => undefined }),
        db: ledger,
      },
    ],
    telemetry,
    poll_ms: () => 20,
  })
  relays.push(relay)
  relay.start()
  const lag = async (): Promise<number> => {
    const text = await telemetry.registry.metrics()
    return Number(/^bus_lag_seconds\{.*ledger\.lag.*\} (\S+)$/m.exec(text)?.[1] ?? 0)
  }
  const open = shop.transaction(async (tx) => {
    await publish(tx, 'shop.sold', 'lag', { n: 1 })
    published.resolve()
    await commit.promise
  })
  // Otherwise the second event may be committed before the first transaction has an id, and nothing delays it.
  await published.promise
  await sell('lag', 2)
  try {
    await expect.poll(lag, { timeout: PATIENCE_MS }).toBeGreaterThan(0.2)
  } finally {
    commit.resolve()
    await open
  }
  await expect.poll(lag, { timeout: PATIENCE_MS }).toBeLessThan(0.2)
})
