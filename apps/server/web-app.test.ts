import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { PROBLEMS } from '@tessera/contracts/problems'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSecrets } from '#platform/auth'
import { createHttp, createRateLimiter, createVisitorPasses, type RunningHttp, VISITOR_HEADER } from '#platform/http'
import { createTelemetry } from '#platform/telemetry'
import { openapiDocument } from './api-docs.ts'
import { problemPages } from './problem-pages.ts'
import { webApp } from './web-app.ts'

const visitors = createVisitorPasses(createSecrets(Buffer.alloc(32, 7)))
const QUOTA = 5
let http: RunningHttp<never>
let written = 0
const asked: { url: string; headers: IncomingHttpHeaders }[] = []
/** A stand-in for the web process that records its requests. */
const web = createServer((request, response) => {
  asked.push({ url: request.url ?? '', headers: request.headers })
  response.setHeader('content-type', 'text/html').end('a page of the web app')
})

beforeAll(async () => {
  web.listen(0, '127.0.0.1')
  await once(web, 'listening')
  http = await createHttp<never>({
    telemetry: createTelemetry({ level: 'silent', service: 'test' }),
    problems: PROBLEMS,
    access: { may: async () => false, mayIn: async () => false, organizationsWith: async () => [] },
    needsMembership: () => false,
    mayGlobally: () => false,
    verify: () => null,
    csrf_ok: () => true,
    secure_cookies: false,
    rate_limiter: createRateLimiter(QUOTA, 60),
    stream_limits: null,
    body_budget: null,
    openapi: { title: 'test', version: '0', description: 'test' },
    trusted_proxies: { hops: 0 },
    visitors,
  })
  const route = { method: 'GET', summary: 'x', tag: 'x', access: 'public', responses: {} } as const
  http.route({ ...route, id: 'listEvents', url: '/api/v1/events' }, () => ({ kind: 'answer', status: 200, body: [] }))
  const { fastify } = http
  const openapi = (): Record<string, unknown> => ({ written: ++written })
  openapiDocument({ fastify, openapi })
  problemPages(fastify)
  await webApp(http, { web_origin: `http://127.0.0.1:${(web.address() as AddressInfo).port}`, visitors })
  await http.fastify.ready()
})
afterAll(async () => {
  await http.close(100)
  web.close()
})

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS'

let client = 0
/** Each from an address of its own, unless given. */
function ask(
  method: Method,
  url: string,
  remoteAddress = `198.51.100.${client++}`,
  headers: Record<string, string> = {},
) {
  return http.fastify.inject({ method, url, remoteAddress, headers })
}

test.each<[Method, string]>([
  ['GET', '/api'],
  ['GET', '/api/'],
  ['GET', '/api/v1'],
  ['GET', '/api/v1/'],
  ['GET', '/api/v2/events'],
  ['GET', '/api/v1/eventz'],
  ['GET', '/api/v1//events'],
  ['GET', '/api/v1/events/evt_1/nothing?a=1'],
  ['GET', '/api/../api/x'],
  ['POST', '/api/v1/events'],
  ['PUT', '/api/v1/nothing'],
  ['DELETE', '/api/v1/nothing'],
  ['OPTIONS', '/api/v1/nothing'],
])('%s %s is a 404 of the API, never a page or a redirect', async (method, url) => {
  const before = asked.length
  const answer = await ask(method, url)
  expect(answer.statusCode).toBe(404)
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(answer.json()).toMatchObject({ type: '/problems/not-found', status: 404 })
  expect(asked.length).toBe(before)
})

test('the proxy to the web app is no part of the contract', () => {
  expect(Object.keys(http.openapi().paths as object)).toEqual(['/api/v1/events'])
})

test('documents outside of the API are not sniffed; pages of problems run nothing; the contract is written once', async () => {
  for (const url of ['/openapi.json', '/problems/conflict', '/problems/constructor', '/openapi.json']) {
    const { headers } = await ask('GET', url)
    expect([url, headers['x-content-type-options']]).toEqual([url, 'nosniff'])
  }
  const { headers } = await ask('GET', '/problems/conflict')
  expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors 'none'/)
  expect((await ask('GET', '/openapi.json')).json()).toEqual({ written: 1 })
})

test('a page request is proxied with a pass for its visitor, whatever the visitor sent', async () => {
  const forged = { [VISITOR_HEADER]: 'forged', 'x-forwarded-for': '6.6.6.6', 'x-forwarded-host': 'evil.test' }
  const answer = await ask('GET', '/events/evt_1?on=perf_1', '203.0.113.1', forged)
  expect(answer.body).toBe('a page of the web app')
  const seen = asked.at(-1)
  expect(seen?.url).toBe('/events/evt_1?on=perf_1')
  expect(visitors.read(String(seen?.headers[VISITOR_HEADER]))).toBe('203.0.113.1')
  expect(seen?.headers['x-forwarded-for']).toBe('203.0.113.1')
  expect(seen?.headers['x-forwarded-host']).not.toBe('evil.test')
})

const SESSION = 'theme=dark; __Host-tessera_access=a'
test.each([
  ['over TLS', `__Host-tessera_refresh=r; ${SESSION}; __Host-tessera_device=d`, SESSION],
  ['over plain HTTP', 'tessera_refresh=r; tessera_access=a; tessera_device=d', 'tessera_access=a'],
  ['twice, and without blanks', 'a=1;__Host-tessera_refresh=r;__Host-tessera_refresh="r; b=2', 'a=1; b=2'],
  ['alone', '__Host-tessera_refresh=r; __Host-tessera_device=d', undefined],
  [
    'under other names',
    'my_tessera_refresh=1; x=__Host-tessera_device=d',
    'my_tessera_refresh=1; x=__Host-tessera_device=d',
  ],
  ['not at all', '', undefined],
])('the web process gets no refresh or device token: sent %s', async (_how, cookie, passed) => {
  for (const url of ['/events/evt_1', '/_next/static/chunk.js']) {
    await ask('GET', url, undefined, { cookie })
    expect([asked.at(-1)?.url, asked.at(-1)?.headers.cookie]).toEqual([url, passed])
  }
})

test('a page takes no large body, nor one of unknown length', async () => {
  const before = asked.length
  const post = (payload: string | Readable, headers = {}) =>
    http.fastify.inject({
      method: 'POST',
      url: '/sign-in',
      payload,
      headers: { 'content-type': 'text/plain', ...headers },
    })
  const chunked = { 'transfer-encoding': 'chunked' }
  for (const refused of [await post('x'.repeat(65_537)), await post(Readable.from(['x']), chunked)]) {
    expect([refused.statusCode, refused.json().type]).toEqual([413, '/problems/too-large'])
  }
  expect(asked.length).toBe(before)
  expect((await post('email=a&password=b')).statusCode).toBe(200)
})

test('pages use the same quota as the API; when exhausted, a page states when to retry', async () => {
  const visitor = '203.0.113.2'
  for (let i = 0; i < QUOTA; i++) expect((await ask('GET', '/api/v1/events', visitor)).statusCode).toBe(200)
  const refused = await ask('GET', '/events/evt_1', visitor)
  expect(refused.statusCode).toBe(429)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect(refused.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(refused.body).toContain('Please wait a moment')
  expect((await ask('GET', '/_next/static/chunk.js', visitor)).statusCode).toBe(200)
  // Requests of pages in progress are still served: the page was counted before.
  const pass = { [VISITOR_HEADER]: visitors.issue(visitor) }
  expect((await ask('GET', '/api/v1/events', '127.0.0.1', pass)).statusCode).toBe(200)
})
