import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, performance } from './fixture.ts'
import { openSalesStreams, type SalesReader } from './stream-sales.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

test('readers of one event share one query of its sales, and the last reader to leave stops it', async () => {
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
  const server = createServer((_request, response) => streams.join(readerOf(event_id), response))
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
  // One query for the first reader, perhaps a few more while the others came; one per reader would be 40.
  expect(looks).toBeLessThan(10)
  closing.abort()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  streams.close()
})

test('a sign-out and a lost role end the streams they concern, and no others', async () => {
  const { event_id } = await fixture.open(performance())
  const streams = openSalesStreams(fixture.deps)
  const rights = new Map([
    ['ana', true],
    ['bea', true],
    ['cleo', true],
  ])
  const server = createServer((request, response) => {
    const user_id = request.url?.slice(1) ?? ''
    const maySee = async (): Promise<boolean> => rights.get(user_id) === true
    streams.join({ event_id, principal: { user_id, session_id: `ses_${user_id}` }, maySee }, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const closing = new AbortController()
  const open = async (user_id: string): Promise<{ ended: Promise<string> }> => {
    const response = await fetch(`http://127.0.0.1:${port}/${user_id}`, { signal: closing.signal })
    const reader = response.body?.getReader()
    await reader?.read()
    const toEnd = async (): Promise<string> => {
      while ((await reader?.read())?.done === false);
      return user_id
    }
    return { ended: toEnd() }
  }
  const [ana, bea, cleo] = await Promise.all(['ana', 'bea', 'cleo'].map(open))
  fixture.deps.signals.tell('sessions-revoked', { session_ids: ['ses_ana'] })
  expect(await ana?.ended).toBe('ana')
  // Both are notified of a change; one has lost the right.
  rights.set('bea', false)
  fixture.deps.signals.tell('memberships-changed', { user_id: 'cleo' })
  fixture.deps.signals.tell('memberships-changed', { user_id: 'bea' })
  expect(await Promise.race([bea?.ended, cleo?.ended])).toBe('bea')
  cleo?.ended.catch(() => undefined)
  closing.abort()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  streams.close()
})

function readerOf(event_id: string): SalesReader {
  return { event_id, principal: { user_id: 'usr_reader', session_id: 'ses_reader' }, maySee: async () => true }
}

test('a reader who leaves before the stream begins is not joined', async () => {
  const { event_id } = await fixture.open(performance())
  let looks = 0
  const db: typeof fixture.db = {
    ...fixture.db,
    many: (statement, params) => {
      looks++
      return fixture.db.many(statement, params)
    },
  }
  const streams = openSalesStreams({ ...fixture.deps, db })
  const joined = Promise.withResolvers<void>()
  const server = createServer((_request, response) => {
    response.on('close', () => {
      streams.join(readerOf(event_id), response)
      joined.resolve()
    })
    response.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await fetch(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`).catch(() => undefined)
  await joined.promise
  expect(looks).toBe(0)
  await new Promise((resolve) => server.close(resolve))
  streams.close()
})
