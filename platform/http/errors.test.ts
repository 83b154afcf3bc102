import { expect, onTestFinished, test } from 'vitest'
import { openHttp } from './http.fixture.ts'

/** What a request is answered whose handler throws this error. */
async function answerTo(error: Error) {
  const http = await openHttp({})
  onTestFinished(() => http.close(0))
  http.route(
    {
      method: 'GET',
      url: '/x',
      id: 'x',
      summary: 'x',
      tag: 'x',
      access: 'public',
      responses: { 200: 'text/plain' },
    },
    () => {
      throw error
    },
  )
  const { statusCode, headers } = await http.fastify.inject({ url: '/x' })
  return [statusCode, headers['retry-after']]
}

test.each([
  ['a deadlock', '40P01'],
  ['a statement that took too long', '57014'],
  ['a lock that took too long', '55P03'],
  ['too many connections', '53300'],
  ['a full disk', '53100'],
  ['a standby after a failover', '25006'],
])('%s is answered as unavailable, not as a failure', async (_what, code) => {
  expect(await answerTo(Object.assign(new Error('PostgreSQL'), { code }))).toEqual([503, '1'])
})

test('control: a bug is a failure', async () => {
  expect(await answerTo(new TypeError('x is not a function'))).toEqual([500, undefined])
  expect(await answerTo(Object.assign(new Error('check constraint'), { code: '23514' }))).toEqual([500, undefined])
})
