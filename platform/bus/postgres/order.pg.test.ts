import fc from 'fast-check'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, openDb } from '#platform/db'
import { createTestDatabase, type TestDatabase } from '#platform/testing'
import type { Feed } from '../port.ts'
import { openPostgresTransport } from './outbox-feed.ts'

/** The horizon is the oldest transaction of the whole server, so other files' transactions delay it too. */
const PATIENCE_MS = 20_000
const TOPICS = ['shop.changed']

let database: TestDatabase
let shop: Db
let relay: Db

beforeAll(async () => {
  database = await createTestDatabase([{ name: 'shop', sql: null }])
  shop = openDb({ url: database.url, role: 'tessera_shop', search_path: 'shop', connections_max: 8 })
  relay = openDb({ url: database.url, role: 'tessera_relay' })
  const owner = openDb({ url: database.url })
  await owner.query('create table shop.counters (key text primary key, value int not null)')
  await owner.close()
})
afterAll(async () => {
  await Promise.all([shop.close(), relay.close()])
  await database[Symbol.asyncDispose]()
})

/** A transaction that has its id from the start, like one that locked something else first. */
type Session = {
  begin(): Promise<void>
  /** Takes the key's lock, waiting for it; its value is the ordinal of this effect. Publishes under the lock. */
  change(key: string): Promise<void>
  commit(): Promise<void>
}

function sessionOf(client: PoolClient): Session {
  return {
    begin: async () => {
      await client.query('begin')
      await client.query('select pg_current_xact_id()')
    },
    change: async (key) => {
      const { rows } = await client.query<{ value: number }>(
        `insert into counters as c values ($1, 1) on conflict (key) do update set value = c.value + 1 returning value`,
        [key],
      )
      await client.query(`insert into outbox (topic, key, payload) values ('shop.changed', $1, $2)`, [
        key,
        JSON.stringify(rows[0]),
      ])
    },
    commit: async () => void (await client.query('commit')),
  }
}

async function withSessions<T>(count: number, work: (sessions: Session[]) => Promise<T>): Promise<T> {
  const clients = await Promise.all(Array.from({ length: count }, () => shop.connect()))
  try {
    return await work(clients.map(sessionOf))
  } finally {
    for (const client of clients) client.release(true)
  }
}

/** Delivered events: the ordinals of each key's effects in the order of delivery, each once. */
class Delivered {
  readonly #seen = new Set<string>()
  readonly #by_key = new Map<string, number[]>()

  add(events: readonly { event_id: string; key: string; payload: unknown }[]): void {
    for (const event of events) {
      if (this.#seen.has(event.event_id)) continue
      this.#seen.add(event.event_id)
      const ordinals = this.#by_key.get(event.key) ?? []
      this.#by_key.set(event.key, [...ordinals, (event.payload as { value: number }).value])
    }
  }

  of(key: string): number[] {
    return this.#by_key.get(key) ?? []
  }
}

type Reader = { delivered: Delivered; step(limit?: number): Promise<void> }

function readerOf(feed: () => Feed): Reader {
  const delivered = new Delivered()
  const step = async (limit = 100): Promise<void> => {
    const one = feed()
    delivered.add((await one.read(limit)).events)
    await one.acknowledge()
  }
  return { delivered, step }
}

function feedOf(consumer: string): Feed {
  return openPostgresTransport(relay).open({ consumer, source: 'shop', topics: TOPICS })
}

/** The controls: everything below the horizon, by (xid, id) as before, or each window sorted by id. */
function controlOf(sorted_by: 'xid, id' | 'id'): Reader {
  const delivered = new Delivered()
  let after = ['0', '0']
  const step = async (): Promise<void> => {
    const rows = await relay.query<{ event_id: string; key: string; payload: unknown; xid: string; id: number }>(
      `select event_id, key, payload, xid::text as xid, id from shop.outbox
       where (xid, id) > ($1::xid8, $2::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot()) order by outbox.xid, id`,
      after,
    )
    const last = rows.at(-1)
    if (last !== undefined) after = [last.xid, String(last.id)]
    delivered.add(sorted_by === 'id' ? rows.toSorted((a, b) => a.id - b.id) : rows)
  }
  return { delivered, step }
}

async function until(readers: readonly Reader[], holds: () => boolean): Promise<void> {
  await expect
    .poll(
      async () => {
        for (const reader of readers) await reader.step()
        return holds()
      },
      { timeout: PATIENCE_MS, interval: 5 },
    )
    .toBe(true)
}

test('two transactions: the first to begin waits and commits second; by (xid, id) it would be delivered first', async () => {
  const feed = feedOf('test.two')
  const [reader, control] = [readerOf(() => feed), controlOf('xid, id')]
  await withSessions(2, async ([first, second]) => {
    if (first === undefined || second === undefined) throw new Error('two sessions were wanted')
    await first.begin()
    await second.begin()
    await second.change('two')
    const waiting = first.change('two')
    await reader.step()
    await second.commit()
    await waiting
    await reader.step()
    expect(reader.delivered.of('two')).toEqual([])
    await first.commit()
  })
  await until([reader, control], () => [reader, control].every(({ delivered }) => delivered.of('two').length === 2))
  expect(reader.delivered.of('two')).toEqual([1, 2])
  expect(control.delivered.of('two')).toEqual([2, 1])
})

test('a third open transaction makes the two deliverable apart: the later waits, other keys do not; sorting a window fails', async () => {
  const feed = feedOf('test.three')
  const [reader, control] = [readerOf(() => feed), controlOf('id')]
  await withSessions(3, async ([first, third, second]) => {
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were wanted')
    await first.begin()
    await third.begin()
    await second.begin()
    await second.change('three')
    const waiting = first.change('three')
    await second.commit()
    await waiting
    await first.change('three-other')
    await first.commit()
    // The first is below the horizon, which the third holds; the second is not.
    await until([reader, control], () => [reader, control].every((one) => one.delivered.of('three-other').length === 1))
    expect(reader.delivered.of('three')).toEqual([])
    expect(control.delivered.of('three')).toEqual([2])
    await third.commit()
  })
  await until([reader, control], () => [reader, control].every(({ delivered }) => delivered.of('three').length === 2))
  expect(reader.delivered.of('three')).toEqual([1, 2])
  expect(reader.delivered.of('three-other')).toEqual([1])
  expect(control.delivered.of('three')).toEqual([2, 1])
})

test('a new reader gets a backlog in the order of effects at every batch size, and nothing is skipped', async () => {
  await withSessions(2, async ([old, young]) => {
    if (old === undefined || young === undefined) throw new Error('two sessions were wanted')
    await old.begin()
    for (let n = 0; n < 30; n++) {
      await young.begin()
      await young.change('backlog')
      await young.change(`backlog-${n % 3}`)
      await young.commit()
    }
    await old.change('backlog')
    await old.commit()
  })
  for (const limit of [1, 2, 7, 1_000]) {
    const feed = feedOf(`test.backlog-${limit}`)
    const reader = readerOf(() => feed)
    await expect
      .poll(
        async () => {
          await reader.step(limit)
          return reader.delivered.of('backlog').length
        },
        { timeout: PATIENCE_MS, interval: 1 },
      )
      .toBe(31)
    expect(reader.delivered.of('backlog')).toEqual(Array.from({ length: 31 }, (_, n) => n + 1))
    for (const n of [0, 1, 2])
      expect(reader.delivered.of(`backlog-${n}`)).toEqual([...Array(10).keys()].map((i) => i + 1))
  }
})

/** The session that continues next, or a read with this limit, perhaps by a new reader. */
type Step = { session: number } | { read: number; restarted: boolean }

const SESSIONS = 4
const stepOf: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ session: fc.nat(SESSIONS - 1) }) },
  { weight: 1, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 4 }), restarted: fc.boolean() }) },
)
/** The keys that a session changes one after the other, in ascending order so that no two deadlock. */
const keysOf = fc.subarray(['a', 'b', 'c'], { minLength: 1 })

/** Runs sessions step by step as scripted; a session whose key is locked waits in PostgreSQL. */
class Interleaving {
  readonly #sessions: readonly Session[]
  readonly #programs: readonly (readonly string[])[]
  readonly #done: number[]
  readonly #holders = new Map<string, number>()
  readonly #waiting = new Map<string, { session: number; granted: Promise<void> }>()

  constructor(sessions: readonly Session[], programs: readonly (readonly string[])[]) {
    this.#sessions = sessions
    this.#programs = programs
    this.#done = programs.map(() => 0)
  }

  async advance(session: number): Promise<void> {
    const one = this.#sessions[session]
    const program = this.#programs[session] ?? []
    const done = this.#done[session] ?? 0
    if (one === undefined || [...this.#waiting.values()].some((waiter) => waiter.session === session)) return
    if (done === 0) await one.begin()
    else if (done <= program.length) {
      const key = program[done - 1] ?? ''
      if (this.#waiting.has(key)) return
      const change = one.change(key)
      if (this.#holders.has(key)) this.#waiting.set(key, { session, granted: change })
      else {
        await change
        this.#holders.set(key, session)
      }
    } else if (done === program.length + 1) {
      await one.commit()
      for (const key of program) await this.#passOn(key)
    } else return
    this.#done[session] = done + 1
  }

  async finish(): Promise<void> {
    for (let round = 0; round < 40; round++) for (const session of this.#sessions.keys()) await this.advance(session)
  }

  async #passOn(key: string): Promise<void> {
    this.#holders.delete(key)
    const next = this.#waiting.get(key)
    if (next === undefined) return
    await next.granted
    this.#waiting.delete(key)
    this.#holders.set(key, next.session)
  }
}

test('random interleavings deliver every key in the order of its effects; the old order and window sorting do not', async () => {
  const feeds = { current: feedOf('test.random') }
  const reader = readerOf(() => feeds.current)
  const controls = { by_xid: controlOf('xid, id'), by_window: controlOf('id') }
  const broken = { by_xid: 0, by_window: 0 }
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(keysOf, { minLength: SESSIONS, maxLength: SESSIONS }),
      fc.array(stepOf, { minLength: 10, maxLength: 40 }),
      async (programs, steps) => {
        run++
        const named = programs.map((keys) => keys.map((key) => `${key}${run}`))
        await withSessions(SESSIONS, async (sessions) => {
          const interleaving = new Interleaving(sessions, named)
          for (const step of steps) {
            if ('session' in step) await interleaving.advance(step.session)
            else {
              if (step.restarted) feeds.current = feedOf('test.random')
              await reader.step(step.read)
              for (const control of Object.values(controls)) await control.step()
            }
          }
          await interleaving.finish()
        })
        const counts = Map.groupBy(named.flat(), (key) => key)
        const all = [reader, ...Object.values(controls)]
        await until(all, () =>
          [...counts].every(([key, own]) => all.every(({ delivered }) => delivered.of(key).length === own.length)),
        )
        for (const [key, own] of counts) {
          const expected = own.map((_, n) => n + 1)
          expect(reader.delivered.of(key)).toEqual(expected)
          for (const name of ['by_xid', 'by_window'] as const)
            if (controls[name].delivered.of(key).join() !== expected.join()) broken[name]++
        }
      },
    ),
    { numRuns: 60, seed: 6 },
  )
  expect(broken.by_xid).toBeGreaterThan(0)
  expect(broken.by_window).toBeGreaterThan(0)
}, 120_000)
