import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { freePort } from './embedded-postgres/index.ts'
import { choosePorts } from './ports.ts'

const others: Server[] = []
afterEach(() => {
  for (const other of others.splice(0)) other.close()
})

async function taken(): Promise<number> {
  const port = await freePort()
  const other = createServer().listen(port, '127.0.0.1')
  others.push(other)
  await once(other, 'listening')
  return port
}

test('a port in use by another program is refused, with a free one suggested', async () => {
  const port = await taken()
  expect(await choosePorts({ PORT: String(port) })).toEqual({
    kind: 'refused',
    reason: expect.stringContaining(`PORT=${port + 100} npm start`),
  })
})

test('a requested sandbox port in use is refused', async () => {
  const sandbox = await taken()
  const outcome = await choosePorts({ PORT: String(await freePort()), TESSERA_SANDBOX_PORT: String(sandbox) })
  expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('TESSERA_SANDBOX_PORT') })
})

test('with a Stripe given there is no sandbox', async () => {
  const port = await freePort()
  expect(await choosePorts({ PORT: String(port), STRIPE_SECRET_KEY: 'sk_live_1' })).toMatchObject({
    server: port,
    sandbox: null,
  })
})

test.each(['0', '65536', '-1', '3000.5', 'http'])('PORT=%s is refused', async (text) => {
  expect(await choosePorts({ PORT: text })).toEqual({
    kind: 'refused',
    reason: `PORT=${text} is not a port number (1 to 65535).`,
  })
})
