import type { Event, EventListItem, Venue } from '@tessera/contracts/http/catalog'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ANNAS,
  anna,
  BENS,
  ben,
  buyer,
  dana,
  draftEvent,
  expectStatus,
  type Fixture,
  inDays,
  openFixture,
  publishedEvent,
  STALLS,
  VENUE,
} from './fixture.ts'

type Page = { items: EventListItem[]; next_cursor: string | null }

let catalog: Fixture
let hamburg: Venue
let toronto: Venue
beforeAll(async () => {
  catalog = await openFixture()
  const venue = (body: object) => expectStatus<Venue>(201, catalog.call('POST', '/api/v1/venues', { as: anna, body }))
  hamburg = await venue(VENUE)
  toronto = await venue({
    ...VENUE,
    name: 'Koerner Hall',
    city: 'Toronto',
    country: 'CA',
    time_zone: 'America/Toronto',
  })
  await onSale({
    title: 'Aida',
    genre: 'Opera',
    venue: hamburg,
    nights: ['2027-03-01T19:00:00Z', '2027-03-08T19:00:00Z'],
    prices: [9_000, 3_000],
  })
  await onSale({ title: 'Bebop', genre: 'Jazz', venue: toronto, nights: ['2027-03-02T03:30:00Z'], prices: [2_500] })
  await onSale({ title: 'Carmen', genre: 'Opera', venue: toronto, nights: ['2027-03-05T00:30:00Z'], prices: [7_000] })
  await onSale({ title: 'dub', genre: 'Électro', venue: hamburg, nights: ['2027-02-01T20:00:00Z'], prices: [0] })
})
afterAll(() => catalog[Symbol.asyncDispose]())

/** One event on sale with general admission, a night a start, its tiers by price. */
async function onSale(wanted: {
  title: string
  genre: string
  venue: Venue
  nights: string[]
  prices: number[]
  hours?: number
}) {
  const post = <Body>(url: string, body?: object, status = 201) =>
    expectStatus<Body>(status, catalog.call('POST', url, { as: anna, body }))
  const { title, genre, venue } = wanted
  const event = await post<Event>('/api/v1/events', { title, genre, venue_id: venue.id, currency: 'EUR' })
  for (const start_time of wanted.nights) {
    const end_time = new Date(Date.parse(start_time) + (wanted.hours ?? 2) * 3_600_000).toISOString()
    const night = await post<{ id: string }>(`/api/v1/events/${event.id}/performances`, { start_time, end_time })
    for (const amount of wanted.prices) {
      const tier = { name: `At ${amount}`, price: { amount, currency: 'EUR' }, quantity: 10, sale_start: inDays(-2) }
      await post(`/api/v1/performances/${night.id}/tiers`, tier)
    }
  }
  return post<Event>(`/api/v1/events/${event.id}/publish`, undefined, 200)
}

const list = (query: string, as?: typeof anna) =>
  expectStatus<Page>(200, catalog.call('GET', `/api/v1/events?${query}`, as === undefined ? {} : { as }))
const titles = async (query: string) => (await list(query)).items.map((item) => item.title)

test('an item has everything that its card shows', async () => {
  const [item] = (await list('genre=opera&city=hamburg')).items
  expect(item).toMatchObject({
    title: 'Aida',
    genre: 'Opera',
    status: 'published',
    organizer: { id: ANNAS, name: 'Anna’s Agency' },
    venue: {
      id: hamburg.id,
      name: 'Elbphilharmonie',
      city: 'Hamburg',
      country: 'DE',
      time_zone: 'Europe/Berlin',
      latitude: VENUE.latitude,
    },
    next_performance: { start_time: '2027-03-01T19:00:00.000Z', status: 'published' },
    performance_count: 2,
    from_price: { amount: 3_000, currency: 'EUR' },
    sale_start: inDays(-2),
  })
})

test('filters by genre, city and organization; words match in any case', async () => {
  expect(await titles('')).toEqual(['dub', 'Aida', 'Bebop', 'Carmen'])
  expect(await titles('genre=OPERA')).toEqual(['Aida', 'Carmen'])
  expect(await titles(`genre=${encodeURIComponent('ÉLECTRO')}`)).toEqual(['dub'])
  expect(await titles('city=%20toronto')).toEqual(['Bebop', 'Carmen'])
  expect(await titles('city=Tor')).toEqual([])
  expect(await titles(`organization_id=${ANNAS}`)).toHaveLength(4)
  expect(await titles(`organization_id=${BENS}`)).toEqual([])
})

test('a day is a day at the venue; an event is listed at its first matching performance', async () => {
  expect(await titles('date_from=2027-03-01&date_to=2027-03-01')).toEqual(['Aida', 'Bebop'])
  expect(await titles('date_from=2027-03-02&date_to=2027-03-04')).toEqual(['Carmen'])
  expect(await titles('date_from=2027-03-02T00:00:00Z&date_to=2027-03-02T23:59:59Z')).toEqual(['Bebop'])
  const later = await list('date_from=2027-03-06')
  expect(later.items.map((item) => [item.title, item.next_performance?.start_time])).toEqual([
    ['Aida', '2027-03-08T19:00:00.000Z'],
  ])
  expect(await titles('date_from=2027-03-09&date_to=2027-03-01')).toEqual([])
})

test('events are listed by each sort order', async () => {
  expect(await titles('sort=-date')).toEqual(['Carmen', 'Bebop', 'Aida', 'dub'])
  expect(await titles('sort=title')).toEqual(['Aida', 'Bebop', 'Carmen', 'dub'])
  expect(await titles('sort=price')).toEqual(['dub', 'Bebop', 'Aida', 'Carmen'])
  expect(await titles('sort=newest')).toEqual(['dub', 'Carmen', 'Bebop', 'Aida'])
})

test('contradictory queries are malformed', async () => {
  const bad = [
    'sort=random',
    'date_from=soon',
    'date_to=2027-02-30',
    'limit=0',
    'limit=101',
    'limit=x',
    'cursor=zzz',
    'genre=%00',
    'city=%00',
  ]
  for (const query of bad)
    expect([query, (await catalog.call('GET', `/api/v1/events?${query}`)).status]).toEqual([query, 400])
  const { next_cursor } = await list('limit=1')
  expect((await catalog.call('GET', `/api/v1/events?sort=title&cursor=${next_cursor}`)).status).toBe(400)
  const forged = Buffer.from(JSON.stringify(['date', 'not a time', 0, '', 'perf_x'])).toString('base64url')
  expect((await catalog.call('GET', `/api/v1/events?cursor=${forged}`)).status).toBe(400)
})

test.each(['date', '-date', 'newest', 'title', 'price'])(
  'pages by %s neither repeat nor lose an event while others come in',
  async (sort) => {
    const add = (title: string, day: number) =>
      onSale({
        title,
        genre: `Paging ${sort}`,
        venue: hamburg,
        nights: [`2028-01-${String(day).padStart(2, '0')}T20:00:00Z`],
        prices: [day * 100],
      })
    for (const [n, title] of ['M1', 'M2', 'M3', 'M4', 'M5'].entries()) await add(title, 10 + n)
    const query = `genre=${encodeURIComponent(`Paging ${sort}`)}&sort=${sort}`
    const expected = await titles(query)
    const seen: string[] = []
    let url: string | undefined = `/api/v1/events?${query}&limit=1`
    for (let turn = 0; url !== undefined && turn < 9; turn++) {
      const answered = await catalog.call('GET', url)
      seen.push(...(answered.body as Page).items.map((item) => item.title))
      if (turn < 2) await add(`A${turn}`, 1 + turn)
      if (turn < 2) await add(`Z${turn}`, 28 + turn)
      url = /<(.+)>; rel="next"/.exec(answered.headers.link ?? '')?.[1]
    }
    expect(seen.filter((title) => title.startsWith('M'))).toEqual(expected)
    expect(new Set(seen).size).toBe(seen.length)
  },
)

test('a published event is in the very next list, a cancelled one is not', async () => {
  const { event } = await draftEvent(catalog, { event: { title: 'Flash', genre: 'Flash' } })
  expect(await titles('genre=flash')).toEqual([])
  await expectStatus(200, catalog.call('POST', `/api/v1/events/${event.id}/publish`, { as: anna }))
  expect(await titles('genre=flash')).toEqual(['Flash'])
  await expectStatus(200, catalog.call('DELETE', `/api/v1/events/${event.id}`, { as: anna }))
  expect(await titles('genre=flash')).toEqual([])
})

test('an organizer lists their own events, drafts included; everyone else published ones', async () => {
  const draft = await draftEvent(catalog, { as: ben, event: { title: 'Bens draft', genre: 'Secret' } })
  const sold = await publishedEvent(catalog, { as: ben, event: { title: 'Bens show', genre: 'Secret' } })
  const query = `organization_id=${BENS}&genre=secret`
  const own = await list(query, ben)
  expect(own.items.map((item) => [item.title, item.status])).toEqual([
    ['Bens show', 'published'],
    ['Bens draft', 'draft'],
  ])
  expect(own.items[1]).toMatchObject({
    next_performance: { id: draft.performance.id, status: 'draft' },
    from_price: STALLS.price,
  })
  const first = await list(`${query}&limit=1`, ben)
  expect((await list(`${query}&limit=1&cursor=${first.next_cursor}`, ben)).items.map((item) => item.id)).toEqual([
    draft.event.id,
  ])
  for (const as of [undefined, buyer, anna, dana]) {
    expect((await list(query, as)).items.map((item) => item.id)).toEqual([sold.event.id])
  }
})

test('lists are documents: compressed once, 304 on their tag', async () => {
  const ask = (headers: Record<string, string>) => catalog.http.fastify.inject({ url: '/api/v1/events', headers })
  const first = await ask({ 'accept-encoding': 'gzip, br' })
  expect([first.statusCode, first.headers['content-encoding'], first.headers['cache-control']]).toEqual([
    200,
    'br',
    'public, no-cache',
  ])
  const again = await ask({ 'accept-encoding': 'gzip, br', 'if-none-match': String(first.headers.etag) })
  expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0])
})

test('what lasts for days is found on each of them, and a night on its evening only', async () => {
  // 60 days to midnight at the venue: 10 May 06:00 to 9 July 00:00.
  const show = { title: 'Exhibition', genre: 'Art', venue: toronto, hours: 59 * 24 + 18, prices: [1_000] }
  await onSale({ ...show, nights: ['2027-05-10T10:00:00Z'] })
  await onSale({ ...show, title: 'Rave', hours: 7, nights: ['2027-05-11T03:00:00Z'] })
  const on = (from: string, to = from) => titles(`date_from=${from}&date_to=${to}`)
  expect(await on('2027-05-09')).toEqual([])
  expect(await on('2027-05-10')).toEqual(['Exhibition', 'Rave'])
  expect(await on('2027-05-11')).toEqual(['Exhibition'])
  expect(await on('2027-07-08')).toEqual(['Exhibition'])
  expect(await on('2027-07-09')).toEqual([])
  expect(await on('2027-06-01T00:00:00Z', '2027-06-01T01:00:00Z')).toEqual(['Exhibition'])
  expect(await on('2027-07-09T04:00:00Z', '2027-07-09T05:00:00Z')).toEqual([])
  expect(await titles('sort=title&date_from=2027-06-01&date_to=2027-06-01')).toEqual(['Exhibition'])
  const own = await list(`organization_id=${ANNAS}&date_from=2027-06-01&date_to=2027-06-01`, anna)
  expect(own.items.map((item) => item.title)).toEqual(['Exhibition'])
})
