import type { Client } from './client.ts'

/** People and events on sale that most journeys need, made over the API. */
export type Person = { token: string; refresh_token: string; user_id: string; email: string }
export type Organizer = Person & { organization_id: string }

type Session = {
  user: { id: string; email: string | null; guest: boolean }
  access_token: string
  refresh_token: string
}

export const PASSWORD = 'correct horse battery staple'

export async function register(client: Client, first_name = 'Ada', last_name = 'Lovelace'): Promise<Person> {
  const email = `${crypto.randomUUID()}@example.test`
  const { body } = await client.expect<Session>(201, 'POST', '/auth/register', {
    body: { email, password: PASSWORD, first_name, last_name },
  })
  return { token: body.access_token, refresh_token: body.refresh_token, user_id: body.user.id, email }
}

export async function guest(client: Client): Promise<{ token: string; user_id: string }> {
  const { body } = await client.expect<Session>(201, 'POST', '/auth/guest', { body: {} })
  return { token: body.access_token, user_id: body.user.id }
}

export async function organizer(client: Client, name = 'Stage Door'): Promise<Organizer> {
  const person = await register(client, 'Orla', 'Ganizer')
  const { body } = await client.expect<{ id: string }>(201, 'POST', '/organizations', {
    as: person.token,
    body: { name },
  })
  return { ...person, organization_id: body.id }
}

/** Someone who may do everything, admitted by the operator's own tool. */
export async function admin(
  client: Client,
  people: { makeAdmin(email: string): Promise<{ kind: string }> },
): Promise<Person> {
  const person = await register(client, 'Ada', 'Min')
  const made = await people.makeAdmin(person.email)
  if (made.kind === 'no-account') throw new Error('The account just registered does not exist')
  const { body } = await client.expect<Session>(200, 'POST', '/auth/login', {
    body: { email: person.email, password: PASSWORD },
  })
  return { ...person, token: body.access_token }
}

export type PretixPlan = {
  name: string
  categories: { name: string; color: string }[]
  zones: {
    name: string
    position: { x: number; y: number }
    zone_id: string
    uuid: string
    rows: {
      row_number: string
      row_number_position: string
      position: { x: number; y: number }
      uuid: string
      seats: {
        seat_number: string
        seat_guid: string
        uuid: string
        position: { x: number; y: number }
        category: string
      }[]
    }[]
    areas: unknown[]
  }[]
  size: { width: number; height: number }
}

/** A plan of one zone: rows A, B, … of as many seats; the first half of the rows is Stalls, the rest Circle. */
export function plan(rows: number, seats_a_row: number): PretixPlan {
  const letters = Array.from({ length: rows }, (_, row) => rowName(row))
  return {
    name: 'Hall',
    categories: [
      { name: 'Stalls', color: '#b3202c' },
      { name: 'Circle', color: '#20406c' },
    ],
    zones: [
      {
        name: 'Hall',
        position: { x: 0, y: 0 },
        zone_id: 'hall',
        uuid: crypto.randomUUID(),
        areas: [],
        rows: letters.map((letter, row) => ({
          row_number: letter,
          row_number_position: 'both',
          position: { x: 0, y: row * 30 },
          uuid: crypto.randomUUID(),
          seats: Array.from({ length: seats_a_row }, (_, seat) => ({
            seat_number: String(seat + 1),
            seat_guid: `${letter}-${seat + 1}`,
            uuid: crypto.randomUUID(),
            position: { x: seat * 25, y: 0 },
            category: row < rows / 2 ? 'Stalls' : 'Circle',
          })),
        })),
      },
    ],
    size: { width: seats_a_row * 25, height: rows * 30 },
  }
}

function rowName(row: number): string {
  return row < 26 ? String.fromCharCode(65 + row) : `${rowName(Math.floor(row / 26) - 1)}${rowName(row % 26)}`
}

export type Onsale = {
  organizer: Organizer
  venue_id: string
  chart_id: string
  event_id: string
  performance_id: string
  stalls: string
  circle: string
  standing: string
}

export const STALLS = { amount: 2_400, currency: 'EUR' }
const CIRCLE = { amount: 0, currency: 'EUR' }
const STANDING = { amount: 1_550, currency: 'EUR' }

export type OnsaleOptions = {
  /** Instead of rows of as many seats. Its categories are Stalls and Circle. */
  plan?: PretixPlan
  rows?: number
  seats_a_row?: number
  standing?: number
  max_per_order?: number
  max_per_person?: number
  start_time?: string
  refund_policy?: { hours_before: number; percent: number }[]
  organizer?: Organizer
}

const DAY_MS = 86_400_000

/** An event on sale: seats in Stalls (24.00) and Circle (free), and standing places (15.50). */
export async function putOnSale(client: Client, options: OnsaleOptions = {}): Promise<Onsale> {
  const owner = options.organizer ?? (await organizer(client))
  const as = owner.token
  const make = async (path: string, body: unknown): Promise<string> =>
    (await client.expect<{ id: string }>(201, 'POST', path, { as, body })).body.id
  const { organization_id } = owner
  const venue_id = await make('/venues', {
    name: 'Playhouse',
    address: '1 Stage Street',
    city: 'Vienna',
    country: 'AT',
    latitude: 48.2,
    longitude: 16.37,
    time_zone: 'Europe/Vienna',
    organization_id,
  })
  const chart_id = await make(
    `/venues/${venue_id}/charts`,
    options.plan ?? plan(options.rows ?? 4, options.seats_a_row ?? 10),
  )
  const event_id = await make('/events', {
    title: 'The Tempest',
    description: 'A storm, an island, a duke.',
    genre: 'Theatre',
    venue_id,
    currency: 'EUR',
    organization_id,
    ...(options.refund_policy === undefined ? {} : { refund_policy: options.refund_policy }),
  })
  const start_time = options.start_time ?? new Date(Date.now() + 60 * DAY_MS).toISOString()
  const end_time = new Date(Date.parse(start_time) + 7_200_000).toISOString()
  const performance_id = await make(`/events/${event_id}/performances`, { chart_id, start_time, end_time })
  const window = {
    sale_start: new Date(Date.now() - DAY_MS).toISOString(),
    sale_end: end_time,
    max_per_order: options.max_per_order ?? 20,
    ...(options.max_per_person === undefined ? {} : { max_per_person: options.max_per_person }),
  }
  const tiers = `/performances/${performance_id}/tiers`
  const stalls = await make(tiers, { name: 'Stalls', price: STALLS, categories: ['Stalls'], ...window })
  const circle = await make(tiers, { name: 'Circle', price: CIRCLE, categories: ['Circle'], ...window })
  const standing = await make(tiers, { name: 'Standing', price: STANDING, quantity: options.standing ?? 50, ...window })
  await client.expect(200, 'POST', `/events/${event_id}/publish`, { as })
  return { organizer: owner, venue_id, chart_id, event_id, performance_id, stalls, circle, standing }
}

export type Held = {
  booking_id: string
  status: string
  hold_expires_at: string
  total: { amount: number; currency: string }
}
export type Booking = Held & {
  id: string
  tickets: { id: string; seat_id: string | null; tier_id: string; status: string }[]
  payments: { id: string; status: string; amount: { amount: number }; refunded: { amount: number } }[]
  access_token?: string
  order_url?: string
}
export type Paid = {
  payment_id: string
  status: string
  booking: { id: string; status: string }
  next_action?: { type: string; redirect_to_url?: { url: string } }
}

export async function hold(client: Client, as: string, performance_id: string, what: object): Promise<Held> {
  const body = { performance_id, ...what }
  return (await client.expect<Held>(201, 'POST', '/bookings/hold', { as, key: true, body })).body
}

/** Pays for a hold with one of the provider's test cards; answers the payment. */
export async function pay(client: Client, as: string, booking_id: string, more: object = {}): Promise<Paid> {
  const intent = await client.expect<{ payment_id: string }>(201, 'POST', '/payments/intent', {
    as,
    key: true,
    body: { booking_id, ...more },
  })
  const { payment_id } = intent.body
  const body = { payment_id, payment_method: 'pm_card_visa' }
  return (await client.expect<Paid>(200, 'POST', '/payments/confirm', { as, key: true, body })).body
}

export async function buy(client: Client, as: string, performance_id: string, what: object): Promise<Booking> {
  const { booking_id } = await hold(client, as, performance_id, what)
  await pay(client, as, booking_id)
  return (await client.expect<Booking>(200, 'GET', `/bookings/${booking_id}`, { as })).body
}
