import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Db, openDb, type Queryable } from '#platform/db'
import { createTelemetry } from '#platform/telemetry'
import { createTestDatabase, type TestDatabase } from '#platform/testing'
import { type Consumer, consumer } from './consumer.ts'
import type { Transport } from './port.ts'
import { openRelay, type Relay } from './relay.ts'

type ShopEvents = { 'shop.sold': { n: number } }

/** A transport under test, and how the context `shop` publishes on it. */
export type TransportUnderTest = {
  transport: Transport
  sell(key: string, n: number): Promise<string>
}

type Effect = (event: { key: string; n: number }) => Promise<void> | void

/**
 * The relay waits for the oldest transaction of the whole server, including those of other files' template databases.
 */
const PATIENCE_MS = 20_000

/** The guarantees of the bus, for every transport. */
export function testBusContract(open: (db: { shop: Db; relay: Db }) => TransportUnderTest): void {
  const world = worldOf(open)
  testDelivery(world)
  testFailures(world)
  testReplay(world)
}

type World = {
  bus(): TransportUnderTest
  owner(): Db
  /** A consumer that writes an entry for each event and then runs this effect. */
  start(name: string, effect?: Effect): Relay
  entries(name: string, key: string): Promise<number[]>
  sellAll(key: string, numbers: readonly number[]): Promise<string>
}

const upTo = (n: number): number[] => [...Array(n).keys()]

function worldOf(open: (db: { shop: Db; relay: Db }) => TransportUnderTest): World {
  let database: TestDatabase
  let dbs: Record<'shop' | 'ledger' | 'owner' | 'relay', Db>
  let bus: TransportUnderTest
  const relays: Relay[] = []
  const nudge = (): void => relays.forEach((relay) => relay.nudge(['shop.sold']))
  beforeAll(async () => {
    database = await createTestDatabase([
      { name: 'shop', sql: null },
      { name: 'ledger', sql: null },
    ])
    const { url } = database
    dbs = {
      shop: openDb({ url, role: 'tessera_shop', search_path: 'shop', onPublished: nudge }),
      ledger: openDb({ url, role: 'tessera_ledger', search_path: 'ledger' }),
      owner: openDb({ url }),
      relay: openDb({ url, role: 'tessera_relay' }),
    }
    await dbs.owner.query(`create table ledger.entries (
      consumer text, key text, n int, position bigint generated always as identity)`)
    bus = open(dbs)
  })
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.close()))
  })
  afterAll(async () => {
    await Promise.all(Object.values(dbs).map((db) => db.close()))
    await database[Symbol.asyncDispose]()
  })
  return {
    bus: () => bus,
    owner: () => dbs.owner,
    start: (name, effect = () => undefined) => {
      const relay = openRelay({
        db: dbs.relay,
        transport: bus.transport,
        consumers: [{ consumer: ledgerConsumer(name, effect), db: dbs.ledger }],
        telemetry: createTelemetry({ level: 'fatal', service: 'test' }),
        poll_ms: () => 10,
        pause_max_ms: 5,
      })
      relays.push(relay)
      relay.start()
      return relay
    },
    entries: async (name, key) => {
      const rows = await dbs.owner.query<{ n: number }>(
        'select n from ledger.entries where consumer = $1 and key = $2 order by position',
        [name, key],
      )
      return rows.map((row) => row.n)
    },
    sellAll: async (key, numbers) => {
      let last = ''
      for (const n of numbers) last = await bus.sell(key, n)
      return last
    },
  }
}

function ledgerConsumer(name: string, effect: Effect): Consumer {
  const reset = async (owner: Queryable): Promise<void> => {
    await owner.query('delete from ledger.entries where consumer = $1', [name])
  }
  return consumer<ShopEvents>(name, reset, {
    'shop.sold': async (tx, { key, payload: { n } }) => {
      await tx.query('insert into entries (consumer, key, n) values ($1, $2, $3)', [name, key, n])
      await effect({ key, n })
    },
  })
}

function testDelivery({ start, sellAll, entries }: World): void {
  test('each event has its effect once, in order per key', async () => {
    const relay = start('ledger.once')
    const keys = ['a', 'b', 'c', 'd']
    const last = await Promise.all(keys.map((key) => sellAll(key, upTo(50))))
    for (const event_id of last) expect(await relay.delivered(event_id, ['ledger.once'], PATIENCE_MS)).toBe(true)
    for (const key of keys) expect(await entries('ledger.once', key)).toEqual(upTo(50))
  })
}

function testFailures({ bus, start, sellAll, entries }: World): void {
  test('a failing event is retried, then parked; its key continues after it, other keys at once', async () => {
    const relay = start('ledger.picky', ({ key, n }) => {
      if (key === 'failing' && n === 0) throw new Error('cannot take this one')
    })
    const behind = await sellAll('failing', [0, 1])
    const other = await bus().sell('fine', 1)
    expect(await relay.delivered(other, ['ledger.picky'], PATIENCE_MS)).toBe(true)
    expect(await entries('ledger.picky', 'failing')).toEqual([])
    expect(await relay.delivered(behind, ['ledger.picky'], PATIENCE_MS)).toBe(true)
    expect(await entries('ledger.picky', 'failing')).toEqual([1])
    const letters = (await relay.letters.list()).filter((letter) => letter.consumer === 'ledger.picky')
    expect(letters).toMatchObject([{ key: 'failing', topic: 'shop.sold', error: 'cannot take this one' }])
  })

  test('an outage pauses the consumer while it lasts and makes no dead letter', async () => {
    let failures_left = 30
    const relay = start('ledger.patient', () => {
      if (failures_left-- > 0) throw Object.assign(new Error('too many connections'), { code: '53300' })
    })
    const last = await sellAll('outage', upTo(3))
    expect(await relay.delivered(last, ['ledger.patient'], PATIENCE_MS)).toBe(true)
    expect(failures_left).toBeLessThan(0)
    expect(await entries('ledger.patient', 'outage')).toEqual(upTo(3))
    expect((await relay.letters.list()).filter((letter) => letter.consumer === 'ledger.patient')).toEqual([])
  })

  test('one dead letter is redriven alone', async () => {
    let broken = true
    const relay = start('ledger.redriven', ({ key }) => {
      if (key === 'letter' && broken) throw new Error('not yet')
    })
    await bus().sell('letter', 7)
    const find = async () => (await relay.letters.list()).filter((letter) => letter.consumer === 'ledger.redriven')
    await expect.poll(async () => (await find()).length, { timeout: PATIENCE_MS }).toBe(1)
    const [letter] = await find()
    const id = letter?.id ?? ''
    expect(await relay.letters.redrive(id)).toMatchObject({ kind: 'failed', error: 'not yet' })
    expect(await find()).toHaveLength(1)
    broken = false
    expect(await relay.letters.redrive(id)).toMatchObject({ kind: 'taken', consumer: 'ledger.redriven' })
    expect(await entries('ledger.redriven', 'letter')).toEqual([7])
    expect(await find()).toEqual([])
    expect(await relay.letters.redrive(id)).toEqual({ kind: 'unknown' })
  })
}

function testReplay({ bus, owner, start, sellAll, entries }: World): void {
  test('a replay resets first and ends with the same tables; without the reset they would be doubled', async () => {
    const relay = start('ledger.again')
    await sellAll('replayed', upTo(20))
    await relay.settle()
    const before = await entries('ledger.again', 'replayed')
    expect(before).toEqual(upTo(20))
    await relay.replay(owner(), 'ledger.again')
    await relay.settle()
    expect(await entries('ledger.again', 'replayed')).toEqual(before)
    await owner().query(`delete from ledger.inbox where consumer = 'ledger.again'`)
    await bus().transport.rewind(owner(), 'ledger.again')
    await relay.settle()
    expect((await entries('ledger.again', 'replayed')).length).toBe(40)
  })

  test('a replay waits for the batch in progress, and a batch read before it has no effect after it', async () => {
    const entered = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    let held = false
    const relay = start('ledger.fenced', async ({ key }) => {
      if (key !== 'fenced' || held) return
      held = true
      entered.resolve()
      await goOn.promise
    })
    await sellAll('fenced', upTo(5))
    await entered.promise
    const replayed = relay.replay(owner(), 'ledger.fenced')
    goOn.resolve()
    await replayed
    await relay.settle()
    expect(await entries('ledger.fenced', 'fenced')).toEqual(upTo(5))
  })
}
