import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDb } from '#platform/db'
import { openDocuments } from './documents.ts'
import { buyer, expectStatus, type Fixture, openFixture, publishedEvent } from './fixture.ts'
import { actingFor } from './tenant.ts'
import { updateEvent } from './update-event.ts'

let catalog: Fixture
beforeAll(async () => {
  catalog = await openFixture({ several_processes: true })
})
afterAll(() => catalog[Symbol.asyncDispose]())

/** A change by another process: it reaches the database, and no cache of this process. */
async function changeElsewhere(event: { id: string; organization_id: string }, title: string): Promise<void> {
  const { id: event_id, organization_id } = event
  const outcome = await catalog.db.transaction(
    (tx) => updateEvent({ tx }, { organization_id, event_id, change: { title } }),
    actingFor(organization_id),
  )
  expect(outcome.kind).toBe('updated')
}

test('a page has the present version although another process changed it', async () => {
  const { event, performance } = await publishedEvent(catalog)
  for (let n = 0; n < 10; n++) {
    const title = `Elsewhere ${n}`
    await changeElsewhere(event, title)
    const [page, seats] = await Promise.all([
      catalog.call('GET', `/api/v1/events/${event.id}`, { as: buyer }),
      catalog.call('GET', `/api/v1/performances/${performance.id}`),
    ])
    expect([page.body, seats.body]).toMatchObject([{ title }, { event: { title } }])
  }
})

test('negative control: a process that believes to be alone shows the old page', async () => {
  const { event } = await publishedEvent(catalog)
  const alone = openDocuments({ db: catalog.db, severalProcesses: () => false, onRefreshError: () => undefined })
  const bodyOf = async () => String((await alone.event(event.id))?.document.forms.identity.found.body)
  expect(await bodyOf()).toContain(event.title)
  await changeElsewhere(event, 'Unheard')
  expect(await bodyOf()).not.toContain('Unheard')
})

test('lists expire by themselves after another process’s change', async () => {
  const { event } = await publishedEvent(catalog, { event: { title: 'Before', genre: 'Lag' } })
  const titles = async () =>
    (
      await expectStatus<{ items: { title: string }[] }>(200, catalog.call('GET', '/api/v1/events?genre=lag'))
    ).items.map((one) => one.title)
  expect(await titles()).toEqual(['Before'])
  await changeElsewhere(event, 'After')
  await expect.poll(titles, { timeout: 5_000, interval: 20 }).toEqual(['After'])
})

test('many readers share few version queries', async () => {
  const { event } = await publishedEvent(catalog)
  let asked = 0
  const db = openDb({ url: catalog.url, role: 'tessera_catalog', search_path: 'catalog', connections_max: 2 })
  const counting = {
    ...db,
    many: (...args: Parameters<typeof db.many>) => {
      asked++
      return db.many(...args)
    },
  } as typeof db
  const documents = openDocuments({ db: counting, severalProcesses: () => true, onRefreshError: () => undefined })
  await documents.event(event.id)
  asked = 0
  const found = await Promise.all(Array.from({ length: 500 }, () => documents.event(event.id)))
  expect(found.every((one) => one !== undefined)).toBe(true)
  expect(asked).toBeLessThanOrEqual(2)
  await db.close()
})
