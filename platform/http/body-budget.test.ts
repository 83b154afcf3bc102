import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import type { Principal } from '#platform/auth'
import { openHttp } from './http.fixture.ts'
import { answer, type BodyBudget, createBodyBudget } from './index.ts'

const MB = 1_048_576

test('bytes in flight and per hour have a budget, per account and in total; bytes that did not arrive are returned', () => {
  let now_ms = 0
  const limits = { account_in_flight: 10, total_in_flight: 15, account_per_hour: 30, total_per_hour: 50 }
  const budget = createBodyBudget(limits, () => now_ms)
  const kindOf = (account: string, bytes: number) => {
    const outcome = budget.reserve(account, bytes)
    if (outcome.kind === 'reserved') outcome.read(bytes)
    return outcome
  }
  const first = kindOf('a', 10)
  expect(kindOf('a', 1)).toEqual({ kind: 'over-budget', retry_after_s: 5 })
  expect(kindOf('b', 6)).toEqual({ kind: 'over-budget', retry_after_s: 5 })
  const release = (outcome: ReturnType<typeof kindOf>) => outcome.kind === 'reserved' && outcome.release()
  release(first)
  release(first)
  for (let n = 0; n < 2; n++) release(kindOf('a', 10))
  now_ms = 600_000
  expect(kindOf('a', 1)).toEqual({ kind: 'over-budget', retry_after_s: 3_000 })
  for (let n = 0; n < 2; n++) release(kindOf('b', 10))
  expect(kindOf('c', 1)).toEqual({ kind: 'over-budget', retry_after_s: 3_000 })
  now_ms = 3_600_000
  // Announced, but never sent: any number of times.
  for (let n = 0; n < 9; n++) {
    const announced = budget.reserve('a', 10)
    expect(announced.kind).toBe('reserved')
    if (announced.kind === 'reserved') announced.release()
  }
  // Unknown length: counted while it arrives.
  const unknown = budget.reserve('a', 0)
  expect(unknown.kind === 'reserved' && [unknown.read(10), unknown.read(1)]).toEqual([null, 5])
})

test('accounts that announce much and send nothing keep nobody else from sending', () => {
  const budget = createBodyBudget({ account_in_flight: 10, total_in_flight: 15 })
  const idle = Array.from({ length: 20 }, (_, n) => budget.reserve(`idle ${n}`, 10))
  expect(idle.filter((outcome) => outcome.kind !== 'reserved')).toEqual([])
  const first = budget.reserve('a', 10)
  expect(first.kind === 'reserved' && first.read(10)).toBeNull()
  // What has arrived does count: for the next announcement, and for bytes that were announced before.
  expect(budget.reserve('b', 6)).toEqual({ kind: 'over-budget', retry_after_s: 5 })
  expect(idle.map((outcome) => outcome.kind === 'reserved' && outcome.read(3)).slice(0, 2)).toEqual([null, 5])
  for (const outcome of [first, ...idle]) if (outcome.kind === 'reserved') outcome.release()
  const last = budget.reserve('b', 10)
  expect(last.kind === 'reserved' && last.read(10)).toBeNull()
})

const ACCOUNT: Principal = { user_id: 'usr_1', guest: false } as Principal

/** A server with one route for 64 MB, for any account but only for venue `mine`; `read` counts the bytes it was given. */
async function openUploads(body_budget: BodyBudget | null, authorized: () => Promise<void> = async () => undefined) {
  const http = await openHttp({ body_budget, verify: (token) => (token === 'good' ? ACCOUNT : null) })
  let read = 0
  http.route(
    {
      method: 'POST',
      url: '/venues/:id',
      id: 'upload',
      summary: 'x',
      tag: 'x',
      access: 'session',
      body_bytes_max: 64 * MB,
      raw_body: true,
      authorize: async ({ params }) => {
        await authorized()
        return (params as { id: string }).id === 'mine'
          ? null
          : { kind: 'problem', slug: 'not-found', status: 404, title: 'refused' }
      },
      responses: { 201: 'text/plain' },
    },
    ({ body }) => {
      read += (body as unknown as Buffer).length
      return answer(201, 'taken', { 'content-type': 'text/plain' })
    },
  )
  await http.listen(0, '127.0.0.1')
  onTestFinished(async () => {
    http.server.closeAllConnections()
    await http.close(0)
  })
  const address = http.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const connections = promisify(http.server.getConnections.bind(http.server))
  return { port, read: () => read, connections }
}

/** Sends the head of an upload only. */
async function announce(port: number, token: string, venue: string, headers: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.write(
    `POST /venues/${venue} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\n${headers}\r\n\r\n`,
  )
  return socket
}

/** Status and Retry-After of what a socket is answered. */
async function answered(socket: Socket): Promise<[status: number, retry_after: string | undefined]> {
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  const head = chunk.toString()
  return [Number(head.slice(9, 12)), /retry-after: (\d+)/i.exec(head)?.[1]]
}

const LENGTH_64_MB = `Content-Length: ${64 * MB}`

test('without a token, or for another organization’s venue, 64 MB are refused before a byte of them is sent', async () => {
  const { port, read } = await openUploads(createBodyBudget())
  expect(await answered(await announce(port, 'bad', 'mine', LENGTH_64_MB))).toEqual([401, undefined])
  expect(await answered(await announce(port, 'good', 'theirs', LENGTH_64_MB))).toEqual([404, undefined])
  expect(await answered(await announce(port, 'good', 'mine', `Content-Length: ${64 * MB + 1}`))).toEqual([
    413,
    undefined,
  ])
  expect(read()).toBe(0)
  // Negative control: an authorized caller is answered after the last byte, not before.
  const socket = await announce(port, 'good', 'mine', `Content-Length: ${MB}`)
  let early = false
  socket.once('data', () => (early = true))
  socket.write(Buffer.alloc(MB - 1, 0x20))
  expect(await answered(await announce(port, 'bad', 'mine', LENGTH_64_MB))).toEqual([401, undefined])
  expect(early).toBe(false)
  const taken = answered(socket)
  socket.write(' ')
  expect(await taken).toEqual([201, undefined])
  expect(read()).toBe(MB)
})

test('bodies beyond the budget are 429 with Retry-After, by their length or while they arrive; an end makes room', async () => {
  const { port } = await openUploads(createBodyBudget({ account_in_flight: MB }))
  const first = await announce(port, 'good', 'mine', `Content-Length: ${MB}`)
  first.write('x')
  // Answered only after the first head was read: heads are read in order of arrival.
  expect(await answered(await announce(port, 'bad', 'mine', LENGTH_64_MB))).toEqual([401, undefined])
  expect(await answered(await announce(port, 'good', 'mine', 'Content-Length: 70000'))).toEqual([429, '5'])
  // Small bodies use no budget.
  const small = await announce(port, 'good', 'mine', 'Content-Length: 2')
  small.write('{}')
  expect(await answered(small)).toEqual([201, undefined])
  first.write(Buffer.alloc(MB - 1, 0x20))
  expect(await answered(first)).toEqual([201, undefined])

  const chunked = await announce(port, 'good', 'mine', 'Transfer-Encoding: chunked')
  const refused = answered(chunked)
  chunked.write(`${(MB + 1).toString(16)}\r\n`)
  chunked.write(Buffer.alloc(MB + 1, 0x20))
  expect(await refused).toEqual([429, '5'])
  await expect
    .poll(async () => {
      const last = await announce(port, 'good', 'mine', 'Content-Length: 70000')
      last.write(Buffer.alloc(70_000, 0x20))
      return answered(last)
    })
    .toEqual([201, undefined])
})

test('an upload whose client leaves while it is authorized keeps no bytes reserved', async () => {
  let arrived = Promise.withResolvers<void>()
  let decision = Promise.withResolvers<void>()
  const uploads = await openUploads(createBodyBudget({ account_in_flight: MB }), () => {
    arrived.resolve()
    return decision.promise
  })
  for (let n = 0; n < 3; n++) {
    const socket = await announce(uploads.port, 'good', 'mine', `Content-Length: ${MB}`)
    await arrived.promise
    socket.destroy()
    await expect.poll(() => uploads.connections()).toBe(0)
    decision.resolve()
    arrived = Promise.withResolvers()
    decision = Promise.withResolvers()
  }
  decision.resolve()
  const last = await announce(uploads.port, 'good', 'mine', `Content-Length: ${MB}`)
  last.write(Buffer.alloc(MB, 0x20))
  expect(await answered(last)).toEqual([201, undefined])
})

test('without a budget nothing is counted', async () => {
  const { port } = await openUploads(null)
  const chunked = await announce(port, 'good', 'mine', 'Transfer-Encoding: chunked')
  const taken = answered(chunked)
  chunked.write('2\r\n{}\r\n0\r\n\r\n')
  expect(await taken).toEqual([201, undefined])
})
