import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { openHttp } from './http.fixture.ts'

const LONG_DRAIN_MS = 20_000

async function openSlow() {
  const http = await openHttp()
  const entered = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  http.fastify.get('/slow', async () => {
    entered.resolve()
    await release.promise
    return 'served'
  })
  await http.listen(0, '127.0.0.1')
  return { http, port: (http.server.address() as AddressInfo).port, entered: entered.promise, release: release.resolve }
}

test(
  'a connection opened ahead of need does not hold up the drain',
  async () => {
    const { http, port } = await openSlow()
    const unused = connect(port, '127.0.0.1')
    await once(unused, 'connect')
    const gone = once(unused, 'close')
    await http.close(LONG_DRAIN_MS)
    await gone
  },
  LONG_DRAIN_MS / 2,
)

test('a request in progress is answered before the drain ends', async () => {
  const { http, port, entered, release } = await openSlow()
  const answer = fetch(`http://127.0.0.1:${port}/slow`).then((response) => response.text())
  await entered
  const closed = http.close(LONG_DRAIN_MS)
  release()
  expect(await answer).toBe('served')
  await closed
})
