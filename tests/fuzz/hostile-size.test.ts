import { afterAll, expect, test } from 'vitest'
import { productOfFile } from '../product.ts'
import { admin } from '../theatre.ts'

/**
 * Requests as large as each route takes, shaped to cost as much as they can, to every route. None may hold the event loop
 * for 20 ms. Measured is the processor time of the main thread, which other processes on the machine do not lengthen; the
 * best of three, because a collection of garbage is no request's fault.
 */
const HELD_MS_MAX = 20
const BODY_BYTES = 65_536
const TRIES = 3
/** Compiled code and warm caches, as in a server that has run for a minute. */
const WARM_UP = 2

const product = await productOfFile()
const { http } = product.product
const { token } = await admin(product.client, product.product.people)
const worst = { ms: 0, what: '' }
afterAll(() => process.stdout.write(`the worst held the loop for ${worst.ms.toFixed(1)} ms: ${worst.what}\n`))

type Definition = (typeof http.definitions)[number]
// Signing out would end the session of the requests that follow.
const definitions = http.definitions.filter((one) => one.id !== 'logout')
const withBody = definitions.filter((one) => one.method !== 'GET')

/** Text of nearly this many bytes, made of so many parts. */
const filled = (bytes: number, begin: string, part: string, end: string): string =>
  `${begin}${Array.from({ length: Math.floor((bytes - begin.length - end.length) / (part.length + 1)) }, () => part).join(',')}${end}`

/** Properties of the body's schema, so that a hostile value stands where a value is looked at. */
function propertiesOf(definition: Definition): string[] {
  const schema = definition.body as { properties?: object; anyOf?: { properties?: object }[] } | undefined
  const parts = [schema, ...(schema?.anyOf ?? [])]
  return [...new Set(parts.flatMap((part) => Object.keys(part?.properties ?? {})))]
}

function* bodiesOf(definition: Definition): Generator<[string, string]> {
  const bytes = Math.min(definition.body_bytes_max ?? BODY_BYTES, 1_048_576)
  yield ['nesting', '['.repeat(bytes)]
  yield ['nesting within the depth', filled(bytes, '{"a":[', '[[[[[[1]]]]]]', ']}')]
  yield ['an array of numbers', filled(bytes, '[', '1', ']')]
  yield ['one long string', JSON.stringify('x'.repeat(bytes - 2))]
  yield ['escapes', `"${'\\u00e9'.repeat(Math.floor(bytes / 6) - 1)}"`]
  yield ['many keys', `{${Array.from({ length: Math.floor(bytes / 12) }, (_, i) => `"k${i}":0`).join(',')}}`]
  yield ['one long number', `{"a":${'9'.repeat(bytes - 6)}}`]
  for (const name of propertiesOf(definition)) {
    yield [`${name}: many wrong items`, filled(bytes, `{"${name}":[`, '{}', ']}')]
    yield [`${name}: many different items`, filled(bytes, `{"${name}":[`, '"A-1"', ']}')]
    yield [`${name}: a long string`, `{"${name}":"${'a'.repeat(bytes - name.length - 7)}"}`]
    yield [
      `${name}: a string for a slow pattern`,
      `{"${name}":"${'a.'.repeat(Math.floor((bytes - 10) / 2) - name.length)}@"}`,
    ]
  }
}

async function heldMs(send: () => Promise<unknown>): Promise<number> {
  const held: number[] = []
  for (let i = 0; i < WARM_UP + TRIES; i++) {
    const before = process.threadCpuUsage()
    await send()
    const { user, system } = process.threadCpuUsage(before)
    if (i >= WARM_UP) held.push((user + system) / 1_000)
  }
  return Math.min(...held)
}

async function expectShort(what: string, send: () => Promise<unknown>): Promise<void> {
  const ms = await heldMs(send)
  if (ms > worst.ms) Object.assign(worst, { ms, what })
  expect.soft(ms, what).toBeLessThan(HELD_MS_MAX)
}

const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }

test.each(withBody.map((one) => [one.id, one] as const))('%s', async (id, definition) => {
  for (const [kind, payload] of bodiesOf(definition)) {
    const send = () =>
      http.fastify.inject({
        method: definition.method,
        url: definition.url.replace(/:\w+/g, 'evt_01h455vb4pex5vsknk084sn02q'),
        headers: { ...headers, 'idempotency-key': crypto.randomUUID() },
        payload,
      })
    const { statusCode } = await send()
    expect(statusCode).toBeGreaterThanOrEqual(400)
    // What is refused at the entrance tells nothing about what comes after it.
    if (definition.access !== 'public') expect([401, 403, 428]).not.toContain(statusCode)
    await expectShort(`${id}, ${kind}`, send)
  }
})

test('long addresses, of every route', async () => {
  for (const definition of definitions) {
    if (definition.responses[200] === 'text/event-stream') continue
    const url = definition.url.replace(/:\w+/g, 'x'.repeat(400))
    const query = Array.from({ length: 1_500 }, (_, i) => `k${i}=${i}`).join('&')
    for (const [kind, text] of [
      ['many names', `${url}?${query}`],
      ['one name many times', `${url}?${'cursor=a&'.repeat(1_500)}`],
      ['a long value', `${url}?cursor=${'%61'.repeat(4_000)}`],
    ] as const)
      await expectShort(`${definition.id}, ${kind}`, () =>
        http.fastify.inject({
          method: definition.method,
          url: text,
          headers: { authorization: headers.authorization },
        }),
      )
  }
}, 60_000)

test('beyond its limit a body is refused before it is parsed', async () => {
  for (const definition of withBody) {
    if ((definition.body_bytes_max ?? BODY_BYTES) > 1_048_576) continue
    const payload = `"${'x'.repeat(definition.body_bytes_max ?? BODY_BYTES)}"`
    const url = definition.url.replace(/:\w+/g, 'evt_1')
    const key = { 'idempotency-key': crypto.randomUUID() }
    const answer = await http.fastify.inject({
      method: definition.method,
      url,
      headers: { ...headers, ...key },
      payload,
    })
    expect(answer.statusCode, definition.id).toBe(413)
  }
})

test('of a large body the first error is told, of a small one all', async () => {
  const errors = async (count: number): Promise<number> => {
    const payload = JSON.stringify({ performance_id: 7, items: Array.from({ length: count }, () => ({ tier_id: 7 })) })
    const key = { 'idempotency-key': crypto.randomUUID() }
    const url = '/api/v1/bookings/hold'
    const answer = await http.fastify.inject({ method: 'POST', url, headers: { ...headers, ...key }, payload })
    expect(answer.statusCode).toBe(400)
    return answer.json<{ errors: unknown[] }>().errors.length
  }
  expect(await errors(10)).toBeGreaterThan(10)
  expect(await errors(5_000)).toBe(1)
})

test('a held loop is seen', async () => {
  const slow = async (): Promise<void> => {
    const before = process.threadCpuUsage()
    while (process.threadCpuUsage(before).user < 2_000 * HELD_MS_MAX) JSON.stringify([before])
  }
  expect(await heldMs(slow)).toBeGreaterThan(HELD_MS_MAX)
})
