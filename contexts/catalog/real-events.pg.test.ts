import { readFileSync } from 'node:fs'
import type { EventListItem } from '@tessera/contracts/http/catalog'
import { CHARGE_LIMITS } from '@tessera/contracts/pricing/chargeable.fixture'
import { hasReferenceData, referenceData } from '@tessera/contracts/reference-data.fixture'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPerformance } from './add-performance.ts'
import { addTier } from './add-tier.ts'
import { createEvent } from './create-event.ts'
import { createVenue } from './create-venue.ts'
import { ANNAS, expectStatus, type Fixture, openFixture } from './fixture.ts'
import { publish } from './publish.ts'
import { actingFor } from './tenant.ts'

const DATA = referenceData('')
const there = hasReferenceData()
const MISSING = `There is no folder ${DATA.pathname} with events of the world`

type Place = {
  name: string
  lat: number | null
  lon: number | null
  address: { streetAddress?: string; addressLocality?: string; addressCountry?: string }
}
type Listed = {
  name: string
  description?: string
  startDate: string
  endDate?: string
  keywords?: string[]
  location: { name: string }
  offers?: { price?: number; priceCurrency?: string }
}

const chargeable = ({ offers }: Listed): boolean => {
  const price = Number(offers?.price ?? 0)
  return price === 0 || price >= 0.5
}

const lines = (name: string): Listed[] =>
  readFileSync(new URL(`events/${name}.schemaorg.jsonl`, DATA), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

/** The calendar moved into the future: the same days and hours, four years on. */
const ahead = (time: string): string => time.replace(/^20(\d\d)/, (_, year: string) => String(2_004 + Number(year)))

let catalog: Fixture
beforeAll(async () => {
  catalog = await openFixture()
})
afterAll(() => catalog[Symbol.asyncDispose]())

test('every venue of a city is accepted as it is', async (context) => {
  context.skip(!there, MISSING)
  const places: Place[] = JSON.parse(readFileSync(new URL('venues/toronto-venues.json', DATA), 'utf8'))
  const kinds = await catalog.db.transaction(async (tx) => {
    const outcomes = []
    for (const { name, lat, lon, address } of places) {
      const { streetAddress = '', addressLocality = '', addressCountry = 'CA' } = address
      const body = {
        name,
        address: streetAddress,
        city: addressLocality,
        country: addressCountry,
        latitude: lat,
        longitude: lon,
      }
      outcomes.push(
        await createVenue(
          { tx, limits: catalog.deps.limits },
          { ...body, time_zone: 'America/Toronto', organization_id: ANNAS },
        ),
      )
    }
    return outcomes.map((outcome) => outcome.kind)
  }, actingFor(ANNAS))
  expect(kinds).toEqual(places.map(() => 'created'))
})

test.for(['toronto', 'nyphil-2024-25'])(
  'a real calendar (%s) goes on sale, and every event is found again, word for word',
  // Hundreds of publications.
  { timeout: 120_000 },
  async (name, context) => {
    context.skip(!there, MISSING)
    const listed = lines(name).filter((event) => event.endDate === undefined || event.endDate > event.startDate)
    expect(listed.length).toBeGreaterThan(200)
    const organization_id = ANNAS
    const published = await catalog.db.transaction(async (tx) => {
      const made = await createVenue(
        { tx, limits: catalog.deps.limits },
        { organization_id, name, city: name, country: 'CA', time_zone: 'America/Toronto' },
      )
      if (made.kind !== 'created') throw new Error(`The venue was refused: ${JSON.stringify(made)}`)
      const outcomes = []
      for (const event of listed) {
        const currency = event.offers?.priceCurrency ?? 'CAD'
        const { keywords: [genre = 'Other'] = [], description = '' } = event
        const head = {
          organization_id,
          organizer_name: 'City',
          venue_id: made.venue.id,
          title: event.name,
          description,
          genre,
          currency,
        }
        const created = await createEvent({ tx, limits: catalog.deps.limits }, head)
        if (created.kind !== 'created') throw new Error(`${event.name}: ${JSON.stringify(created)}`)
        const below = { organization_id, event_id: created.event.id }
        const end_time = event.endDate ?? new Date(Date.parse(event.startDate) + 7_200_000).toISOString()
        const night = await addPerformance(
          { tx },
          { ...below, start_time: ahead(event.startDate), end_time: ahead(end_time) },
        )
        if (night.kind !== 'added') throw new Error(`${event.name}: ${JSON.stringify(night)}`)
        const price = { amount: Math.round((event.offers?.price ?? 0) * 100), currency }
        await addTier({ tx }, { ...below, performance_id: night.performance.id, name: 'Entry', price, quantity: 100 })
        outcomes.push((await publish({ tx, charge_limits: CHARGE_LIMITS }, { ...below, approved: true })).kind)
      }
      return outcomes
    }, actingFor(organization_id))
    // Toronto's calendar has four events for one cent, which no card can be charged.
    const sellable = listed.filter((event) => chargeable(event))
    expect(published).toEqual(listed.map((event) => (chargeable(event) ? 'published' : 'not-publishable')))
    expect(listed.length - sellable.length).toBe(name === 'toronto' ? 4 : 0)
    const found: string[] = []
    let url: string | undefined = `/api/v1/events?limit=100&city=${name}`
    while (url !== undefined) {
      const answered = catalog.call('GET', url)
      found.push(...(await expectStatus<{ items: EventListItem[] }>(200, answered)).items.map((item) => item.title))
      url = /<(.+)>; rel="next"/.exec((await answered).headers.link ?? '')?.[1]
    }
    expect(found.toSorted()).toEqual(sellable.map((event) => event.name).toSorted())
  },
)
