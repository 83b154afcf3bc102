import { Temporal } from 'temporal-polyfill'
import type { Product } from '../compose.ts'
import { type DemoClient, demoClient, must } from './client.ts'
import { DEMO_EVENTS, DEMO_VENUES, type DemoEvent } from './programme.ts'
import { type DemoSale, sellDemo } from './sell.ts'

const FACT = 'demo'
type Tell = (line: string) => void
const nothing = async (): Promise<void> => undefined
export type Demo = { accounts: boolean; sell(): Promise<void> }

type Start = {
  production: boolean
  wanted: boolean
  /** True for one process of this machine: it loads the demo data. */
  first: boolean
  with_sales: boolean
}

/**
 * Loads demo data where it is wanted. In production it removes what makes demo accounts dangerous instead, in every process
 * before that process listens: the others of the port do not wait for the first.
 */
export async function prepareDemo(product: Product, start: Start, tell: Tell): Promise<Demo> {
  const { production, wanted, first, with_sales } = start
  if (production) await retireDemo(product, tell)
  if (wanted && first && !production) return ensureDemo(product, tell, with_sales)
  return { accounts: wanted && !production, sell: nothing }
}

/**
 * Loads demo data into an empty database. Resolves to whether the demo accounts exist once the programme is complete;
 * `sell` then buys part of it with test cards while the server runs, so that sales are visible.
 */
async function ensureDemo(product: Product, tell: Tell, with_sales: boolean): Promise<Demo> {
  const facts = await product.owner.query<{ value: string }>('select value from platform.facts where name = $1', [FACT])
  if (facts.length > 0) return { accounts: true, sell: nothing }
  const [row] = await product.owner.query<{ empty: boolean }>(
    'select not exists (select from catalog.venues) and not exists (select from identity.organizations) as empty',
  )
  if (row?.empty !== true) return { accounts: false, sell: nothing }
  tell('Loading demo data: accounts, three venues, a dozen events …')
  await product.people.seedDemo()
  const first = await signIn(product, 'organizer@demo.test')
  const second = await signIn(product, 'organizer2@demo.test')
  const sales: DemoSale[] = []
  const venues = new Map<string, Promise<DemoVenue>>()
  for (const event of DEMO_EVENTS) {
    const client = event.second === true ? second : first
    const key = `${event.second === true ? 'second' : 'first'} ${event.venue}`
    const venue = venues.get(key) ?? makeVenue(client, event.venue)
    venues.set(key, venue)
    sales.push(...(await stage(client, event, await venue)))
  }
  await product.owner.query('insert into platform.facts (name, value) values ($1, $2)', [
    FACT,
    JSON.stringify({ events: DEMO_EVENTS.length }),
  ])
  return { accounts: true, sell: with_sales ? () => sellDemo(product, sales, tell) : nothing }
}

/**
 * Removes the demo accounts' credentials, sessions, memberships and global roles in production, because their password is
 * public, and cancels what is on sale of organizations without other members: nobody could run it. A start killed between
 * the two steps is completed by the next.
 */
async function retireDemo(product: Product, tell: Tell): Promise<void> {
  const { accounts, organization_ids } = await product.people.retireDemo()
  if (accounts > 0)
    tell(`This installation is in production: ${accounts} demo accounts were found and can no longer sign in.`)
  const { events } = await product.events.cancelEventsOf(organization_ids)
  if (events > 0) tell(`${events} events that only demo accounts could run were on sale; they are cancelled.`)
}

async function signIn(product: Product, email: string): Promise<DemoClient> {
  const body = await must(
    demoClient(product.http.fastify, null)('POST', '/auth/login', { email, password: 'tessera-demo' }),
  )
  return demoClient(product.http.fastify, String(body.access_token))
}

type DemoVenue = { venue_id: string; chart_id: string | null; time_zone: string }

async function makeVenue(client: DemoClient, key: string): Promise<DemoVenue> {
  const venue = DEMO_VENUES.find((one) => one.key === key)
  if (venue === undefined) throw new Error(`The programme names no venue ${key}`)
  const { chart, key: _key, ...facts } = venue
  const venue_id = String((await must(client('POST', '/venues', facts))).id)
  const chart_id =
    chart === null ? null : String((await must(client('POST', `/venues/${venue_id}/charts`, chart()))).id)
  return { venue_id, chart_id, time_zone: venue.time_zone }
}

async function stage(client: DemoClient, event: DemoEvent, venue: DemoVenue): Promise<DemoSale[]> {
  const { title, description, genre, currency } = event
  const event_id = String(
    (await must(client('POST', '/events', { title, description, genre, currency, venue_id: venue.venue_id }))).id,
  )
  const opens = new Date(Date.now() + (event.opens_in_minutes ?? -24 * 60) * 60_000).toISOString()
  const sales: DemoSale[] = []
  for (const night of event.nights) {
    const start = Temporal.Now.zonedDateTimeISO(venue.time_zone)
      .add({ days: night.in_days })
      .with({ hour: night.hour, minute: 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 })
    const start_time = start.toInstant().toString()
    const performance_id = String(
      (
        await must(
          client('POST', `/events/${event_id}/performances`, {
            ...(venue.chart_id === null ? {} : { chart_id: venue.chart_id }),
            start_time,
            end_time: start.add({ minutes: event.minutes }).toInstant().toString(),
            doors_time: start.subtract({ minutes: 45 }).toInstant().toString(),
          }),
        )
      ).id,
    )
    for (const { price, ...tier } of event.tiers) {
      const body = await must(
        client('POST', `/performances/${performance_id}/tiers`, {
          ...tier,
          price: { amount: price, currency },
          sale_start: opens,
        }),
      )
      sales.push({
        performance_id,
        tier_id: String(body.id),
        share: event.sold ?? 0,
        seated: tier.categories !== undefined,
        ga_quantity: tier.quantity ?? 0,
      })
    }
  }
  await must(client('POST', `/events/${event_id}/publish`))
  return sales
}
