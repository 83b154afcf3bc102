import { request } from 'node:http'
import { expect, test } from 'vitest'
import { KEY, refusalOf, startRunning, stripeFor } from '../../tests/payment-sandbox.fixture.ts'
import { startSandbox } from './sandbox.ts'

const sale = { amount: 1000, currency: 'eur' } as const

async function status(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

test('what came through a proxy, or by a foreign name, is refused on every path', async () => {
  await using running = await startRunning({ public_origin: 'http://bank.test:3010' })
  const { port } = running.sandbox
  for (const path of ['/v1/payment_intents', '/sandbox/ledger', '/assets/pay.css', '/elsewhere']) {
    for (const header of ['X-Forwarded-For', 'x-forwarded-host', 'X-Forwarded-Proto', 'Forwarded', 'X-Real-IP']) {
      expect([path, header, await status(port, path, { [header]: '10.0.0.1' })]).toEqual([path, header, 403])
    }
    for (const host of ['evil.test', 'localhost.evil.test', '127.0.0.1.evil.test', 'bank.test@evil.test']) {
      expect([path, host, await status(port, path, { host })]).toEqual([path, host, 421])
    }
  }
  for (const host of ['bank.test', 'localhost:3010', `127.0.0.1:${port}`, '[::1]']) {
    expect([host, await status(port, '/assets/pay.css', { host })]).toEqual([host, 200])
  }
})

test('a key that the sandbox was not given opens nothing', async () => {
  await using running = await startRunning()
  const { port } = running.sandbox
  for (const key of ['sk_test_another', `${KEY}x`, 'sk_live_1', 'pk_test_1']) {
    const refusal = await refusalOf(stripeFor(port, {}, key).paymentIntents.create(sale))
    expect([key, refusal.statusCode]).toEqual([key, 401])
  }
})

test('a key that is no test key is refused at the start', async () => {
  await expect(startSandbox({ secret_keys: ['sk_live_1'] })).rejects.toThrow('test keys only')
})
