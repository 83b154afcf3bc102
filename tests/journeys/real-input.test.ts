import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { productOfFile, WEBHOOK_SECRET } from '../product.ts'
import { type Booking, buy, hold, type Organizer, organizer, type PretixPlan, pay, register } from '../theatre.ts'
import { filesIn, hasRealWorld, PLANS, type RealEvent, readCalendar, readJson } from './real-world.ts'

/** Halls, calendars and payment objects of the world, taken as they are and put on sale. */
const product = await productOfFile()
const { client } = product

const DAY_MS = 86_400_000
const PARALLEL = 8
const ORDER_MAX = 20

type Expected = { seats: number; categories: Record<string, number>; gross_if_sold_out?: number }
type Chart = { id: string; seat_count: number; categories: { name: string; seat_count: number }[] }
type Refused = { type: string; errors: { pointer: string; detail: string }[] }
type Sale = { event_id: string; performance_id: string; tiers: Record<string, string> }
type Sales = { performances: { sold: number; revenue: { amount: number } }[] }

/** A plan as it was published, with 126 seats named more than once. */
const TWICE = 'pretix-plan-738.json'
/** Every sound one: the other is for the test of what must be refused. */
const plans = filesIn(PLANS, '.pretix.json')

test.for(plans)('the hall %s is sold out, seat by seat of its plan', async (name) => {
  const plan = readJson<PretixPlan>(`${PLANS}/${name}`)
  const expected = readJson<Expected>(`${PLANS}/${name.replace('.pretix.json', '.expected.json')}`)
  const owner = await organizer(client)
  const { venue_id, chart } = await importPlan(owner, plan)
  expect(chart.seat_count).toBe(expected.seats)
  expect(Object.fromEntries(chart.categories.map((one) => [one.name, one.seat_count]))).toEqual(expected.categories)
  // The small hall's prices are rubles; as minor units they would be less than a card can be charged.
  const unit = (expected.gross_if_sold_out ?? 0) < 10_000 ? 100 : 1
  const sale = await openSale(owner, venue_id, chart, unit)
  // Whole rows, as groups buy them; the last order of a zone takes what is left.
  const seats = plan.zones.flatMap((zone) => zone.rows.flatMap((row) => row.seats.map((seat) => seat.seat_guid)))
  const orders = Array.from({ length: Math.ceil(seats.length / ORDER_MAX) }, (_, n) =>
    seats.slice(n * ORDER_MAX, (n + 1) * ORDER_MAX),
  )
  await inParallel(orders, async (seat_ids) => {
    const buyer = await register(client)
    const held = await hold(client, buyer.token, sale.performance_id, { seat_ids })
    if (held.total.amount > 0) await pay(client, buyer.token, held.booking_id)
    else {
      const body = { booking_id: held.booking_id }
      await client.expect(200, 'POST', '/bookings/confirm', { as: buyer.token, key: true, body })
    }
    const { body } = await client.expect<Booking>(200, 'GET', `/bookings/${held.booking_id}`, { as: buyer.token })
    expect(body.tickets.map((ticket) => ticket.seat_id).sort()).toEqual(seat_ids.toSorted())
  })
  await product.settle()
  const { body } = await client.expect<Sales>(200, 'GET', `/events/${sale.event_id}/sales`, { as: owner.token })
  const { gross_if_sold_out } = expected
  const revenue =
    gross_if_sold_out === undefined ? {} : { revenue: { amount: gross_if_sold_out * unit, currency: 'EUR' } }
  expect(body.performances).toMatchObject([{ sold: expected.seats, ...revenue }])
  const latecomer = await register(client)
  await client.expect(409, 'POST', '/bookings/hold', {
    as: latecomer.token,
    key: true,
    body: { performance_id: sale.performance_id, seat_ids: seats.slice(0, 1) },
  })
})

test.runIf(hasRealWorld)('a plan that names seats twice is refused with all of them; repaired, it sells', async () => {
  const plan = readJson<PretixPlan>(`${PLANS}/${TWICE}`)
  const expected = readJson<Expected>(`${PLANS}/pretix-plan-738.expected.json`)
  const owner = await organizer(client)
  const venue_id = await makeVenue(owner, HALL)
  const refused = await client.expect<Refused>(422, 'POST', `/venues/${venue_id}/charts`, {
    as: owner.token,
    body: plan,
  })
  expect(refused.body.type).toBe('/problems/invalid-chart')
  const guids = plan.zones.flatMap((zone) => zone.rows.flatMap((row) => row.seats.map((seat) => seat.seat_guid)))
  const repeated = new Set(guids.filter((guid, n) => guids.indexOf(guid) !== n))
  expect(repeated.size).toBe(126)
  const named = refused.body.errors.map(({ pointer }) => valueAt(plan, pointer))
  expect(new Set(named)).toEqual(repeated)

  const seen = new Map<string, number>()
  for (const zone of plan.zones) {
    const rows = new Set<string>()
    for (const row of zone.rows) {
      if (rows.has(row.row_number)) row.row_number = `${row.row_number}/${rows.size}`
      rows.add(row.row_number)
      for (const seat of row.seats) {
        const times = seen.get(seat.seat_guid) ?? 0
        seen.set(seat.seat_guid, times + 1)
        if (times > 0) seat.seat_guid = `${seat.seat_guid}/${times + 1}`
      }
    }
  }
  const made = await client.expect<Chart>(201, 'POST', `/venues/${venue_id}/charts`, { as: owner.token, body: plan })
  expect(made.body.seat_count).toBe(expected.seats)
  const counts = made.body.categories.filter((one) => one.seat_count > 0).map((one) => [one.name, one.seat_count])
  expect(Object.fromEntries(counts)).toEqual(expected.categories)
  const sale = await openSale(owner, venue_id, made.body)
  const buyer = await register(client)
  const [once = ''] = repeated
  const booking = await buy(client, buyer.token, sale.performance_id, { seat_ids: [once, `${once}/2`] })
  expect(booking.tickets.map((ticket) => ticket.seat_id).sort()).toEqual([once, `${once}/2`].sort())
})

test.for(filesIn('events', '.jsonl'))(
  'the calendar %s goes on sale at its venues, in their time zones',
  async (name) => {
    const owner = await organizer(client, name)
    // Toronto's has a few events for one cent, which no card can be charged.
    const calendar = readCalendar(name).filter(({ price }) => price === 0 || price >= 50)
    expect(calendar.length).toBeGreaterThan(50)
    const venues = new Map(calendar.map(({ venue }) => [JSON.stringify(venue), venue]))
    const ids = new Map<string, string>()
    await inParallel([...venues], async ([key, venue]) => {
      ids.set(key, await makeVenue(owner, venue))
    })
    const sold: { event: RealEvent; sale: Sale }[] = []
    await inParallel(calendar, async (event) => {
      const sale = await publishReal(owner, ids.get(JSON.stringify(event.venue)) ?? '', event)
      sold.push({ event, sale })
    })
    await inParallel(sold.slice(0, 24), ({ event, sale }) => buyReal(event, sale))
  },
)

test.runIf(hasRealWorld)(
  'every kind of object of the provider’s own fixtures can come by webhook: taken down, and nothing follows',
  async () => {
    const { resources } = readJson<{ resources: Record<string, object> }>('payments/stripe-fixtures.subset.json')
    const kinds = Object.entries(resources)
    expect(kinds.length).toBeGreaterThan(10)
    const kindsOfEvent = ['created', 'updated', 'succeeded', 'refunded', 'closed']
    for (const [kind, object] of kinds) {
      for (const what of kindsOfEvent) {
        const type = `${kind}.${what}`
        const body = JSON.stringify({ ...resources['event'], id: `evt_${type}`, type, data: { object } })
        const at_s = Math.floor(Date.now() / 1_000)
        const mac = createHmac('sha256', WEBHOOK_SECRET).update(`${at_s}.${body}`).digest('hex')
        const headers = { 'stripe-signature': `t=${at_s},v1=${mac}` }
        const { status } = await client.send('POST', '/webhooks/stripe', { body, headers })
        expect([type, status]).toEqual([type, 200])
      }
    }
    await product.settle()
  },
)

const HALL: RealEvent['venue'] = {
  name: 'Малый зал',
  address: 'ул. Большая Никитская, 13',
  city: 'Москва',
  country: 'RU',
  latitude: 55.756,
  longitude: 37.605,
  time_zone: 'Europe/Moscow',
}

async function makeVenue(owner: Organizer, venue: RealEvent['venue']): Promise<string> {
  const { organization_id } = owner
  const body = { ...venue, organization_id }
  const made = await client.expect<{ id: string }>(201, 'POST', '/venues', { as: owner.token, body })
  expect(made.body).toMatchObject(venue)
  return made.body.id
}

async function importPlan(owner: Organizer, plan: PretixPlan): Promise<{ venue_id: string; chart: Chart }> {
  const venue_id = await makeVenue(owner, HALL)
  const made = await client.expect<Chart>(201, 'POST', `/venues/${venue_id}/charts`, { as: owner.token, body: plan })
  return { venue_id, chart: made.body }
}

/** A tier for each category, at the price that is its name; what has no price costs nothing. */
async function openSale(owner: Organizer, venue_id: string, chart: Chart, unit = 1): Promise<Sale> {
  const as = owner.token
  const event = await client.expect<{ id: string }>(201, 'POST', '/events', {
    as,
    body: { title: 'Вечер', venue_id, currency: 'EUR', genre: 'Music' },
  })
  const event_id = event.body.id
  const start = Date.now() + 30 * DAY_MS
  const times = { start_time: new Date(start).toISOString(), end_time: new Date(start + 7_200_000).toISOString() }
  const performance_id = (
    await client.expect<{ id: string }>(201, 'POST', `/events/${event_id}/performances`, {
      as,
      body: { chart_id: chart.id, ...times },
    })
  ).body.id
  const tiers: Record<string, string> = {}
  for (const { name } of chart.categories.filter((one) => one.seat_count > 0)) {
    const amount = Number.parseInt(name, 10) * unit || (name === 'unpriced' ? 0 : 1_000)
    const price = { amount, currency: 'EUR' }
    const body = { name, price, categories: [name], max_per_order: ORDER_MAX }
    const made = await client.expect<{ id: string }>(201, 'POST', `/performances/${performance_id}/tiers`, { as, body })
    tiers[name] = made.body.id
  }
  await client.expect(200, 'POST', `/events/${event_id}/publish`, { as })
  return { event_id, performance_id, tiers }
}

async function publishReal(owner: Organizer, venue_id: string, real: RealEvent): Promise<Sale> {
  const as = owner.token
  const { title, description, genre, currency, price } = real
  const made = await client.expect<{ id: string }>(201, 'POST', '/events', {
    as,
    body: { title, description, genre, currency, venue_id },
  })
  const event_id = made.body.id
  let sale: Sale = { event_id, performance_id: '', tiers: {} }
  for (const { start_time, end_time, wall_clock } of real.times) {
    const performance = await client.expect<{ id: string; start_time: string; time_zone: string }>(
      201,
      'POST',
      `/events/${event_id}/performances`,
      { as, body: { start_time, end_time } },
    )
    const { id, time_zone } = performance.body
    expect(time_zone).toBe(real.venue.time_zone)
    if (wall_clock !== null) expect(wallClock(performance.body.start_time, time_zone)).toBe(wall_clock)
    const body = { name: 'Entry', price: { amount: price, currency }, quantity: 200 }
    const tier = await client.expect<{ id: string }>(201, 'POST', `/performances/${id}/tiers`, { as, body })
    sale = { event_id, performance_id: id, tiers: { Entry: tier.body.id } }
  }
  const published = await client.expect<{ title: string }>(200, 'POST', `/events/${event_id}/publish`, { as })
  expect(published.body).toMatchObject({ title, description, status: 'published' })
  return sale
}

async function buyReal({ price }: RealEvent, { performance_id, tiers }: Sale): Promise<void> {
  const buyer = await register(client)
  const what = { items: [{ tier_id: tiers['Entry'], quantity: 2 }] }
  const held = await hold(client, buyer.token, performance_id, what)
  expect(held.total.amount).toBe(2 * price)
  if (price > 0) return void (await pay(client, buyer.token, held.booking_id))
  const body = { booking_id: held.booking_id }
  await client.expect(200, 'POST', '/bookings/confirm', { as: buyer.token, key: true, body })
}

function wallClock(time: string, time_zone: string): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: time_zone, hour: 'numeric', minute: '2-digit' })
    .format(new Date(time))
    .replace(/\s/, '')
}

/** What a JSON pointer points at; a pointer into a seat means its guid. */
function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], document)
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const item of rest) await work(item)
    }),
  )
}
