import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '#platform/db'
import { hall } from './charts/chart.fixture.ts'
import { createVenue } from './create-venue.ts'
import { anna, BENS, ben, EVENT, expectStatus, type Fixture, openFixture, VENUE } from './fixture.ts'
import { actingFor } from './tenant.ts'

const AT_ONCE = 24
const LIMITS = { venues: 5, charts: 3, events: 4, chart_bytes: 1_073_741_824 }

let catalog: Fixture
beforeAll(async () => {
  catalog = await openFixture({ organization_limits: LIMITS })
})
afterAll(() => catalog[Symbol.asyncDispose]())

async function firstVenue(as: typeof anna): Promise<string> {
  const { body } = await catalog.call('GET', '/api/v1/venues', { as })
  const [known] = (body as { items: { id: string }[] }).items
  if (known !== undefined) return known.id
  return (await expectStatus<{ id: string }>(201, catalog.call('POST', '/api/v1/venues', { as, body: VENUE }))).id
}

/** Twenty-four creations at once, each repeated while the answer is that we are busy: how many there were of each answer. */
async function race(url: string, body: unknown) {
  const create = async () => {
    for (;;) {
      const answered = await catalog.call('POST', url, { as: anna, body })
      if (answered.status !== 503) return answered
    }
  }
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, create))
  const typeOf = (body: unknown) => (body as { type?: string }).type
  return {
    created: answers.filter(({ status }) => status === 201).length,
    refused: answers.filter(({ status, body }) => status === 422 && typeOf(body) === '/problems/limit-exceeded').length,
  }
}

test('of 24 creations at once as many succeed as the limit leaves; another organization has its own', async () => {
  const venue_id = await firstVenue(anna)
  expect(await race('/api/v1/venues', VENUE)).toEqual({ created: 4, refused: 20 })
  expect(await race('/api/v1/events', { ...EVENT, venue_id })).toEqual({ created: 4, refused: 20 })
  expect(await race(`/api/v1/venues/${venue_id}/charts`, hall(3))).toEqual({ created: 3, refused: 21 })

  const theirs = await firstVenue(ben)
  await expectStatus(201, catalog.call('POST', '/api/v1/events', { as: ben, body: { ...EVENT, venue_id: theirs } }))
})

test('bytes of charts have a limit, too', async () => {
  await using small = await openFixture({ organization_limits: { ...LIMITS, chart_bytes: 2_000 } })
  const { id } = await expectStatus<{ id: string }>(
    201,
    small.call('POST', '/api/v1/venues', { as: anna, body: VENUE }),
  )
  const url = `/api/v1/venues/${id}/charts`
  await expectStatus(201, small.call('POST', url, { as: anna, body: hall(3) }))
  const refused = await small.call('POST', url, { as: anna, body: hall(500) })
  expect([refused.status, (refused.body as { type: string }).type]).toEqual([422, '/problems/limit-exceeded'])
})

test('negative control: without the lock two creations take the last place both, with it they cannot', async () => {
  const organization_id = BENS
  await firstVenue(ben)
  const limits = { ...LIMITS, venues: 2 }
  const create = (tx: Tx) => createVenue({ tx, limits }, { ...VENUE, organization_id })
  const outcomes = await catalog.db.transaction(async (first) => {
    const one = await create(unlocked(first))
    const other = await catalog.db.transaction((second) => create(unlocked(second)), actingFor(organization_id))
    return [one.kind, other.kind]
  }, actingFor(organization_id))
  expect(outcomes).toEqual(['created', 'created'])
  const locked = await catalog.db.transaction(create, actingFor(organization_id))
  expect(locked.kind).toBe('limit-exceeded')
})

/** A transaction in which the lock of the organization is not taken. */
function unlocked(tx: Tx): Tx {
  return {
    ...tx,
    one: (statement, values) =>
      statement.name.endsWith('lock_organization')
        ? tx.one({ name: 'test:nothing', text: 'select 1 as one', params: [] })
        : tx.one(statement, values),
  }
}
