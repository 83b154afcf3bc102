import type { RealProduct } from '../processes.ts'
import { buy, hold, PASSWORD, type PretixPlan, plan } from '../theatre.ts'

/** Words that no layout likes: without a place to break, in several scripts and both directions. */
export const WORDS = {
  latin: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  wide: 'WMWMWMWMWM',
  arabic: 'الموسيقىالكلاسيكيةالعربيةالمعاصرة',
  mixed: 'קונצרטHALL🎻سيمفونية9',
  japanese: '長唄囃子連中合同演奏会特別公演',
  thai: 'เทศกาลดนตรีคลาสสิกนานาชาติกรุงเทพมหานคร',
  address: 'https://example.test/a1b2c3d4e5f6',
} as const

export type HostileScript = keyof typeof WORDS

/** So long of it as a field takes, in UTF-16 units, never half a character. */
function fill(script: HostileScript, length: number): string {
  const word = Array.from(WORDS[script])
  let text = ''
  for (let at = 0; ; at++) {
    const next = word[at % word.length] ?? ''
    if (text.length + next.length > length) return text
    text += next
  }
}

export type HostilePages = { email: string; password: string; pages: Record<string, string> }

const DAY_MS = 86_400_000

/** One person who runs, sells and buys an event in every script, an admin too; and the pages that show their words. */
export async function hostilePages(product: RealProduct): Promise<HostilePages> {
  const person = await product.admin()
  const pages: Record<string, string> = {}
  for (const script of Object.keys(WORDS) as HostileScript[]) {
    const { event_id, seated, standing } = await hostileEvent(product, person.token, script)
    const { client } = product
    const seats = { best_available: { tier_id: seated.tier_id, quantity: 2 } }
    const { id: order_id, tickets } = await buy(client, person.token, seated.performance_id, seats)
    const held = await hold(client, person.token, seated.performance_id, seats)
    Object.assign(pages, {
      [`event, ${script}`]: `/events/${event_id}`,
      [`seats, ${script}`]: `/performances/${seated.performance_id}/seats`,
      [`seat list, ${script}`]: `/performances/${seated.performance_id}/seats`,
      [`quantities, ${script}`]: `/performances/${standing.performance_id}/seats`,
      [`checkout, ${script}`]: `/checkout/${held.booking_id}`,
      [`order, ${script}`]: `/orders/${order_id}`,
      [`ticket, ${script}`]: `/tickets/${tickets[0]?.id}`,
      [`sales, ${script}`]: `/organizer/events/${event_id}/sales`,
      [`scanner, ${script}`]: `/door/${seated.performance_id}`,
    })
  }
  return { email: person.email, password: PASSWORD, pages: { ...pages, ...COMMON } }
}

/** With the words of every script at once, or with none. */
const COMMON = {
  discover: '/',
  tickets: '/tickets',
  'my events': '/organizer',
  doors: '/door',
  integrity: '/admin/integrity',
  invitation: `/invitations/${'x'.repeat(43)}`,
  'not found': `/${'x'.repeat(120)}`,
  styleguide: '/styleguide',
}

type Sale = { performance_id: string; tier_id: string }

async function hostileEvent(
  product: RealProduct,
  as: string,
  script: HostileScript,
): Promise<{ event_id: string; seated: Sale; standing: Sale }> {
  const make = async (path: string, body: object): Promise<string> =>
    (await product.client.expect<{ id: string }>(201, 'POST', path, { as, body })).body.id
  const organization_id = await make('/organizations', { name: fill(script, 100) })
  const venue_id = await make('/venues', {
    name: fill(script, 150),
    address: fill(script, 150),
    city: fill(script, 80),
    country: 'AT',
    latitude: 48.2,
    longitude: 16.37,
    time_zone: 'Europe/Vienna',
    organization_id,
  })
  const category = fill(script, 60)
  const chart_id = await make(`/venues/${venue_id}/charts`, renamed(plan(6, 12), category))
  const event_id = await make('/events', {
    title: fill(script, 180),
    description: `${fill(script, 200)}\n\n${fill(script, 900)}`,
    genre: fill(script, 40),
    venue_id,
    currency: 'INR',
    organization_id,
  })
  const sale = async (days: number, tier: object, chart?: string): Promise<Sale> => {
    const start_time = new Date(Date.now() + days * DAY_MS).toISOString()
    const end_time = new Date(Date.parse(start_time) + 7_200_000).toISOString()
    const performance = { start_time, end_time, ...(chart === undefined ? {} : { chart_id: chart }) }
    const performance_id = await make(`/events/${event_id}/performances`, performance)
    const sale_start = new Date(Date.now() - DAY_MS).toISOString()
    const window = { sale_start, sale_end: end_time, max_per_order: 20 }
    const price = { amount: 123_456_789, currency: 'INR' }
    const tier_id = await make(`/performances/${performance_id}/tiers`, {
      name: fill(script, 90),
      price,
      ...tier,
      ...window,
    })
    return { performance_id, tier_id }
  }
  const seated = await sale(60, { categories: [category] }, chart_id)
  const standing = await sale(61, { quantity: 500 })
  await product.client.expect(200, 'POST', `/events/${event_id}/publish`, { as })
  return { event_id, seated, standing }
}

/** The plan with one category and a zone of that name. */
function renamed(onsale: PretixPlan, name: string): PretixPlan {
  return {
    ...onsale,
    name,
    categories: [{ name, color: '#7a1fa2' }],
    zones: onsale.zones.map((zone) => ({
      ...zone,
      name,
      rows: zone.rows.map((row) => ({ ...row, seats: row.seats.map((seat) => ({ ...seat, category: name })) })),
    })),
  }
}
