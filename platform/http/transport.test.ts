import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHttp } from './http.fixture.ts'
import type { RunningHttp } from './index.ts'

let http: RunningHttp<never>
let port = 0
beforeAll(async () => {
  http = await openHttp()
  http.fastify.get('/here', async () => ({ here: true }))
  await http.listen(0, '127.0.0.1')
  port = (http.server.address() as AddressInfo).port
})
afterAll(() => http.close(100))

/** The response to these bytes. */
function exchange(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

const head = 'host: x\r\nconnection: close\r\n'

test.each([
  ['an address that is not UTF-8', `GET /%ED%A0%80 HTTP/1.1\r\n${head}\r\n`],
  ['headers without end', `GET /here HTTP/1.1\r\n${head}x: ${'y'.repeat(20_000)}\r\n\r\n`],
  ['no HTTP at all', 'hello\r\n\r\n'],
])('%s is refused as a problem', async (_what, text) => {
  const answer = await exchange(text)
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).toContain('application/problem+json')
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
    type: '/problems/malformed-request',
    status: 400,
  })
})

test('an unknown expectation is ignored', async () => {
  expect(await exchange(`GET /here HTTP/1.1\r\n${head}expect: a-miracle\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
})
