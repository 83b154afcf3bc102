import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, openDb } from '#platform/db'
import { createTelemetry } from '#platform/telemetry'
import type { Deps } from '../deps.ts'
import { type Fixture, openFixture, performance } from '../fixture.ts'
import { type HoldOutcome, hold } from '../hold.ts'
import { close, open } from '../open.ts'
import { KnownKeys } from './known-keys.ts'

/** A TCP proxy before PostgreSQL. While armed it drops the server's answers, and the connection with them. */
async function openAnswerDroppingProxy(target: URL) {
  let armed = false
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port) })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream)
    upstream.on('data', (chunk) => {
      if (armed) upstream.destroy()
      else client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    arm: (on: boolean) => {
      armed = on
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

let fixture: Fixture
let deps: Deps
let pool: Db
let proxy: Awaited<ReturnType<typeof openAnswerDroppingProxy>>

beforeAll(async () => {
  fixture = await openFixture()
  proxy = await openAnswerDroppingProxy(new URL(fixture.url))
  deps = await open({
    ...fixture.deps,
    telemetry: createTelemetry({ level: 'fatal', service: 'proxied' }),
    openDedicatedPool: (options) => {
      pool = openDb({ url: proxy.url, role: 'tessera_booking', search_path: 'booking', ...options })
      return pool
    },
  })
})
afterAll(async () => {
  await close(deps)
  proxy.close()
  await pool.close()
  await fixture[Symbol.asyncDispose]()
})

test('a batch commits and its connection dies: every retry gets its own seats, also after the cache loaded them as taken', async () => {
  await expect.poll(() => deps.keys.mayHave('usr_nobody', 'never used')).toBe(false)
  const { performance_id } = await fixture.open(performance())
  const sale = await deps.on_sale.load(performance_id)
  if (sale === undefined) throw new Error('not open')
  const buyers = ['A-1', 'A-2', 'A-3'].map((seat_id) => ({
    owner_id: newId('usr'),
    request: { key: 'lost-answer', body_hash: seat_id },
    body: { performance_id, seat_ids: [seat_id] },
  }))
  const holdAll = (as: Deps): Promise<HoldOutcome>[] => buyers.map((buyer) => hold(as, buyer))
  await hold(deps, {
    owner_id: newId('usr'),
    request: { key: 'k', body_hash: 'h' },
    body: { performance_id, seat_ids: ['B-1'] },
  })

  proxy.arm(true)
  const lost = await Promise.allSettled(holdAll(deps))
  proxy.arm(false)
  expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  const committed = `select count(*)::int as n from booking.bookings where owner_id = any ($1)`
  const owners = buyers.map((buyer) => buyer.owner_id)
  await expect.poll(() => fixture.owner.query(committed, [owners])).toEqual([{ n: 3 }])

  deps.availability.forget()
  await deps.availability.warm(sale.performance_no, sale.seat_count)
  // Negative control: with a filter that does not contain the keys of the failed batch, the cache outranks them.
  const untold = new KnownKeys()
  untold.completed()
  const refused = await Promise.all(holdAll({ ...deps, keys: untold }))
  expect(refused.map((outcome) => outcome.kind)).toEqual(Array(3).fill('seat-unavailable'))

  const retried = await Promise.all(holdAll(deps))
  expect(retried.map((outcome) => outcome.kind)).toEqual(Array(3).fill('replayed'))
  expect(await fixture.owner.query(committed, [owners])).toEqual([{ n: 3 }])
})
