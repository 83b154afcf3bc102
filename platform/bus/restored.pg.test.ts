import { expect, test } from 'vitest'
import { migrate, openDb } from '#platform/db'
import { createTelemetry } from '#platform/telemetry'
import { createTestDatabase } from '#platform/testing'
import { consumer, openPostgresTransport, openRelay, publisher } from './index.ts'

type ShopEvents = { 'shop.sold': { n: number } }
const publish = publisher<ShopEvents>()
const SCHEMAS = [
  { name: 'shop', sql: null },
  { name: 'ledger', sql: null },
]
/** Far ahead of any transaction of a test's cluster, like an old installation compared with a new one. */
const AHEAD = 1_000_000_000

test('after a logical restore every event has its effect once, the new ones too; without adoption they are lost', async () => {
  await using database = await createTestDatabase(SCHEMAS)
  const shop = openDb({ url: database.url, role: 'tessera_shop', search_path: 'shop' })
  const ledger = openDb({ url: database.url, role: 'tessera_ledger', search_path: 'ledger' })
  const owner = openDb({ url: database.url })
  const relay_db = openDb({ url: database.url, role: 'tessera_relay' })
  const effects: number[] = []
  const count = consumer<ShopEvents>('ledger.count', 'idempotent', {
    'shop.sold': async (_tx, event) => {
      effects.push(event.payload.n)
    },
  })
  const sell = (n: number): Promise<string> => shop.transaction((tx) => publish(tx, 'shop.sold', 'a', { n }))
  const relayed = async (work: (delivered: (id: string, ms: number) => Promise<boolean>) => Promise<void>) => {
    const telemetry = createTelemetry({ level: 'fatal', service: 'test' })
    const relay = openRelay({
      db: relay_db,
      transport: openPostgresTransport(relay_db),
      consumers: [{ consumer: count, db: ledger }],
      telemetry,
      poll_ms: () => 10,
    })
    relay.start()
    await work((id, ms) => relay.delivered(id, ['ledger.count'], ms))
    await relay.close()
  }

  await relayed(async (delivered) => {
    await sell(1)
    expect(await delivered(await sell(2), 20_000)).toBe(true)
  })
  await sell(3)
  // The content of a dump restored into a younger cluster.
  await owner.query(`update shop.outbox set xid = (xid::text::bigint + ${AHEAD})::text::xid8`)
  await owner.query(`update platform.bus_cursors set xid = (xid::text::bigint + ${AHEAD})::text::xid8, until = null`)

  await relayed(async (delivered) => {
    expect(await delivered(await sell(4), 200)).toBe(false)
  })
  expect(effects).toEqual([1, 2])

  const said: string[] = []
  await migrate(database.url, SCHEMAS, (line) => said.push(line))
  expect(said).toEqual(['this database was restored: events are read from the start once more'])
  await relayed(async (delivered) => {
    expect(await delivered(await sell(5), 20_000)).toBe(true)
  })
  expect(effects).toEqual([1, 2, 3, 4, 5])

  await migrate(database.url, SCHEMAS, (line) => said.push(line))
  expect(said).toHaveLength(1)
  await Promise.all([shop, ledger, owner, relay_db].map((db) => db.close()))
})
