import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../client.ts'
import { violations } from '../faults/crash.ts'
import { type Machine, type RealProduct, startProcesses } from '../processes.ts'
import { guest, putOnSale } from '../theatre.ts'

/** Two server processes on one port, and a third server on the same database as on another machine. */
const SEATS = 30
const KILLS = 6
const ANSWERED_MS_MAX = 5_000

let product: RealProduct
let machine: Machine
let everywhere: readonly Client[] = []
let admin_token = ''

beforeAll(async () => {
  product = await startProcesses({
    TESSERA_PROCESSES: '2',
    TESSERA_SECRET: Buffer.alloc(32, 9).toString('base64url'),
  })
  machine = await product.machine()
  everywhere = [product.client, machine.client]
  admin_token = (await product.admin()).token
}, 120_000)
afterAll(async () => {
  await product[Symbol.asyncDispose]()
}, 30_000)

const at = (n: number): Client => everywhere[n % everywhere.length] as Client

test('each of them is in the registry, with its share of the connections', async () => {
  const rows = await product.query<{ connections: number }>(
    `select p.connections from platform.processes p join pg_stat_activity a on a.pid = p.backend_pid where left_at is null`,
  )
  expect(rows).toHaveLength(3)
  const [allowed] = await product.query<{ n: number }>(`select current_setting('max_connections')::int as n`)
  expect(rows.reduce((sum, row) => sum + row.connections, 0)).toBeLessThan(allowed?.n ?? 0)
})

test('race: sixty people over three processes want thirty seats, each is won once', async () => {
  const { performance_id } = await putOnSale(product.client, { rows: 2, seats_a_row: SEATS })
  const people = await Promise.all(Array.from({ length: 2 * SEATS }, () => guest(product.client)))
  const answers = await Promise.all(
    people.map(({ token }, n) =>
      at(n).send('POST', '/bookings/hold', {
        as: token,
        key: true,
        body: { performance_id, seat_ids: [`A-${(n >> 1) + 1}`] },
      }),
    ),
  )
  const statuses = answers.map((answer) => answer.status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(SEATS)
  expect(statuses.filter((status) => status === 409)).toHaveLength(SEATS)
})

test('replay: the key of a won hold gets its 201 again from every process, though the seats are taken', async () => {
  const { performance_id } = await putOnSale(product.client, { rows: 2, seats_a_row: SEATS })
  const { token } = await guest(product.client)
  for (let seat = 1; seat <= 8; seat++) {
    const hold = { as: token, key: crypto.randomUUID(), body: { performance_id, seat_ids: [`A-${seat}`] } }
    const first = await at(seat).expect(201, 'POST', '/bookings/hold', hold)
    // A connection each, so that both processes of the port are asked.
    for (const [n, client] of [...everywhere, product.client, product.client].entries()) {
      const again = await client.expect(201, 'POST', '/bookings/hold', { ...hold, headers: { connection: 'close' } })
      expect(again.body['booking_id'], `process ${n}`).toBe(first.body['booking_id'])
    }
  }
})

test('revocation: who signed out on one machine is signed out on the other within two seconds', async () => {
  const { token } = await guest(product.client)
  await machine.client.expect(200, 'GET', '/users/me', { as: token })
  await product.client.expect(204, 'POST', '/auth/logout', { as: token })
  await expect
    .poll(async () => (await machine.client.send('GET', '/users/me', { as: token })).status, { timeout: 2_000 })
    .toBe(401)
})

test('kill -9 of a process under a rush of new connections: each is answered or reset within seconds', async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    const fates: Promise<'answered' | 'reset' | 'neither'>[] = []
    const rush = setInterval(() => {
      for (let n = 0; n < 20; n++) fates.push(fateOf(product.origin))
    }, 5)
    await delay(50)
    const [victim] = await product.workers()
    process.kill(victim ?? 0, 'SIGKILL')
    await delay(150)
    clearInterval(rush)
    const counted = Map.groupBy(await Promise.all(fates), (fate) => fate)
    expect(counted.get('neither') ?? []).toEqual([])
    expect(counted.get('answered')?.length ?? 0).toBeGreaterThan(0)
    await expect.poll(() => listening(product.origin), { timeout: 60_000 }).toBe(2)
    await product.ready(ANSWERED_MS_MAX)
  }
  expect(await violations(product, admin_token)).toEqual([])
}, 300_000)

/** How many sockets listen on the port, each of a process of its own: Linux says so in a table. */
async function listening(origin: string): Promise<number> {
  const port = Number(new URL(origin).port).toString(16).toUpperCase().padStart(4, '0')
  const table = await readFile('/proc/net/tcp', 'utf8')
  return table.split('\n').filter((line) => line.includes(`:${port} 00000000:0000 0A`)).length
}

/** One request on a connection of its own. */
async function fateOf(origin: string): Promise<'answered' | 'reset' | 'neither'> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
  socket.on('error', () => undefined)
  socket.write(`GET /livez HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n\r\n`)
  const closed = new Promise<'answered' | 'reset'>((resolve) =>
    socket.once('close', () => resolve(answer.startsWith('HTTP/1.1 200') ? 'answered' : 'reset')),
  )
  const late = delay(ANSWERED_MS_MAX, 'neither' as const, { ref: false })
  const fate = await Promise.race([closed, late])
  socket.destroy()
  return fate
}
