import { Agent, request as send } from 'node:http'
import fc from 'fast-check'
import type { TestProduct } from '../product.ts'
import { admin, buy, guest, hold, organizer, PASSWORD, putOnSale, register } from '../theatre.ts'
import { complaintOf, type Operation, operationsOf, type Seen } from './openapi.ts'
import { type FuzzRequest, requestsFor } from './requests.ts'

export type Fuzzed = {
  requests: number
  /** How many answers had which status. */
  statuses: Record<string, number>
  operations: number
  complaints: string[]
  slowest_ms: number
}

const PARALLEL = 4
const COMPLAINTS_MAX = 10
const KNOWN_MAX = 60
const DEADLINE_MS = 15_000
/** Requests between two looks whether everyone is still signed in: some requests sign people out. */
const LOOK_EVERY = 100
/** These hash passwords or make people: a few of them are enough. */
const RARE: Readonly<Record<string, number>> = {
  register: 12,
  login: 12,
  logout: 20,
  welcomeGuest: 4,
  revokeSession: 8,
}

/** So many requests, each from its own seed: hostile, honest, and with ids that exist. */
export async function fuzz(product: TestProduct, options: { requests: number; seed: number }): Promise<Fuzzed> {
  const operations = operationsOf(product.product.http.openapi())
  const world = await openWorld(product)
  const arbitraries = new Map(operations.map((one) => [one.id, requestsFor(one, world.known)]))
  const result: Fuzzed = { requests: 0, statuses: {}, operations: operations.length, complaints: [], slowest_ms: 0 }
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < options.requests && result.complaints.length < COMPLAINTS_MAX) {
      const n = next++
      const operation = operations[n % operations.length]
      const arbitrary = operation && arbitraries.get(operation.id)
      if (operation === undefined || arbitrary === undefined) continue
      if (Math.floor(n / operations.length) % (RARE[operation.id] ?? 1) !== 0) continue
      if (n % LOOK_EVERY === 0) await world.renew()
      const seed = options.seed + n
      const [request] = fc.sample(arbitrary, { seed, numRuns: 1 })
      if (request === undefined) continue
      const person = world.people[seed % world.people.length]
      const seen = await ask(product.origin, operation, request, person?.token ?? null, seed)
      result.requests++
      result.statuses[seen.status] = (result.statuses[seen.status] ?? 0) + 1
      result.slowest_ms = Math.max(result.slowest_ms, seen.ms)
      const complaint = complaintOf(operation, seen)
      if (complaint !== null)
        result.complaints.push(
          `seed ${seed}, ${operation.id} as ${person?.name}: ${complaint}\n${shown(operation, request)}`,
        )
      else if (seen.status < 300) world.learn(seen.text)
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
  return result
}

function shown({ method }: Operation, { path, headers, body, raw }: FuzzRequest): string {
  const content = raw === null ? JSON.stringify(body) : `${raw.length} raw bytes: ${raw.subarray(0, 60)}`
  return `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 200)} ${content?.slice(0, 600)}`
}

const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL })

/** By hand, because a friendly client would refuse to send half of this. */
function ask(
  origin: string,
  operation: Operation,
  { path, headers, body, raw }: FuzzRequest,
  token: string | null,
  seed: number,
): Promise<Seen> {
  const content = raw ?? (body === undefined ? null : Buffer.from(JSON.stringify(body)))
  const begun = performance.now()
  return new Promise((resolve) => {
    const outgoing = send(
      new URL(origin),
      {
        agent,
        method: operation.method,
        path,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(operation.method === 'GET' || seed % 9 === 0 ? {} : { 'idempotency-key': `fuzz-${seed % 997}` }),
          ...(content === null ? {} : { 'content-type': 'application/json', 'content-length': String(content.length) }),
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = []
        const end = (): void => {
          const seen = new Headers()
          for (const [name, value] of Object.entries(incoming.headers)) seen.set(name, String(value))
          resolve({
            status: incoming.statusCode ?? 0,
            headers: seen,
            text: Buffer.concat(chunks).toString(),
            ms: performance.now() - begun,
          })
        }
        if (operation.is_stream && incoming.statusCode === 200) {
          end()
          outgoing.destroy()
          return
        }
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('end', end)
        incoming.on('error', end)
      },
    )
    outgoing.setTimeout(DEADLINE_MS, () => outgoing.destroy(new Error(`${operation.id} gave no answer`)))
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // The server may close a kept connection in the moment in which it is used again.
      if (outgoing.reusedSocket && error.code === 'ECONNRESET')
        return void ask(origin, operation, { path, headers, body, raw }, token, seed).then(resolve)
      const text = `no answer: ${error.message}`
      // A body that is too large is answered before all of it was sent: the answer may be lost with the connection.
      const cut = content !== null && content.length > 1_048_576 && ['EPIPE', 'ECONNRESET'].includes(error.code ?? '')
      const problem = new Headers({ 'content-type': 'application/problem+json' })
      resolve({ status: cut ? 413 : 0, headers: problem, text: cut ? CUT : text, ms: performance.now() - begun })
    })
    outgoing.end(content ?? undefined)
  })
}

const CUT = JSON.stringify({ type: '/problems/too-large', title: 'The body is too large', status: 413 })

type Person = { name: string; token: string | null; email: string | null }

async function openWorld(product: TestProduct) {
  const { client } = product
  const owner = await organizer(client)
  const buyer = await register(client)
  const people: Person[] = [
    { name: 'nobody', token: null, email: null },
    { name: 'a guest', token: (await guest(client)).token, email: null },
    { name: 'a buyer', ...buyer },
    { name: 'an organizer', ...owner },
    { name: 'an admin', ...(await admin(client, product.product.people)) },
  ]
  const ids = new Map<string, string[]>()
  const learn = (text: string): void => {
    for (const [id = '', prefix = ''] of text.matchAll(/\b([a-z]{2,5})_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g)) {
      const list = ids.get(prefix) ?? []
      if (!list.includes(id)) ids.set(prefix, [...list.slice(-KNOWN_MAX), id])
    }
  }
  for (let n = 0; n < 3; n++) {
    const onsale = await putOnSale(client, { organizer: owner, rows: 6, seats_a_row: 10 })
    learn(JSON.stringify(onsale))
    const booking = await buy(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1', 'A-2'] })
    learn(JSON.stringify(booking))
    learn(JSON.stringify(await hold(client, buyer.token, onsale.performance_id, { seat_ids: ['A-3'] })))
  }
  const renew = async (): Promise<void> => {
    for (const person of people) {
      if (person.token === null) continue
      if ((await client.send('GET', '/users/me', { as: person.token })).status === 200) continue
      if (person.email === null) person.token = (await guest(client)).token
      else {
        const body = { email: person.email, password: PASSWORD }
        const session = await client.send<{ access_token: string }>('POST', '/auth/login', { body })
        if (session.status === 200) person.token = session.body.access_token
      }
    }
  }
  return { people, learn, renew, known: (name: string) => knownAs(ids, name, people) }
}

const PREFIXES: Readonly<Record<string, string>> = {
  event_id: 'evt',
  performance_id: 'perf',
  tier_id: 'tier',
  venue_id: 'ven',
  chart_id: 'cht',
  booking_id: 'bk',
  ticket_id: 'tkt',
  payment_id: 'pay',
  organization_id: 'org',
  block_id: 'blk',
  checkin_id: 'chk',
  session_id: 'ses',
}
const WORDS: Readonly<Record<string, readonly string[]>> = {
  seat_id: ['A-1', 'A-4', 'B-1', 'B-2', 'C-5', 'D-1', 'F-9', 'Z-1'],
  categorie: ['Stalls', 'Circle'],
  payment_method: ['pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_authenticationRequired', 'pm_nothing'],
  currency: ['EUR', 'USD', 'JPY', 'XTS'],
  country: ['AT', 'DE', 'ZZ'],
  time_zone: ['Europe/Vienna', 'UTC', 'Mars/Olympus'],
  role: ['organizer', 'box_office', 'staff'],
  provider: ['stripe', 'razorpay'],
}

function knownAs(ids: ReadonlyMap<string, string[]>, name: string, people: readonly Person[]): readonly string[] {
  if (name === 'email') return people.flatMap((person) => person.email ?? [])
  return WORDS[name] ?? ids.get(PREFIXES[name] ?? '') ?? []
}
