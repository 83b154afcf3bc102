import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, performance } from './fixture.ts'
import { openSalesStreams } from './stream-sales.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

test('all readers of an event share one look at its sales, and the last one to leave ends it', async () => {
  const { event_id } = await fixture.open(performance())
  let looks = 0
  const db: typeof fixture.db = {
    ...fixture.db,
    many: (statement, params) => {
      if (statement.name.endsWith(':performances')) looks++
      return fixture.db.many(statement, params)
    },
  }
  const streams = openSalesStreams({ ...fixture.deps, db })
  const server = createServer((_request, response) => streams.join(event_id, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const closing = new AbortController()
  const firstFrame = async (): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: closing.signal })
    const { value } = (await response.body?.getReader().read()) ?? {}
    return Buffer.from(value ?? []).toString()
  }
  const frames = await Promise.all(Array.from({ length: 40 }, firstFrame))
  for (const frame of frames) expect(frame).toContain(`"event_id":"${event_id}"`)
  // One at the first reader, perhaps a few more while the others came; one a reader would be 40.
  expect(looks).toBeLessThan(10)
  closing.abort()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
