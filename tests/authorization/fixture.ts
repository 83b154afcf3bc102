import { vi } from 'vitest'
import type { Client } from '../client.ts'
import type { TestProduct } from '../product.ts'
import {
  admin,
  type Booking,
  buy,
  guest,
  hold,
  type Onsale,
  type Organizer,
  organizer,
  PASSWORD,
  plan,
  putOnSale,
  register,
  STALLS,
} from '../theatre.ts'
import type { Kind, Standing } from './policy.ts'

/**
 * Two organizations. The first has two events on sale and a draft, an owner, a box office, door staff for everything and
 * door staff for its first event only. `own` is of the first event, and Ann's; `colleague` of the second, and Ben's;
 * `foreign` is the other organization's; drafts are not published; `absent` never was.
 */
export const RELATIONS = ['own', 'colleague', 'draft', 'foreign', 'foreign_draft', 'absent'] as const
export type Relation = (typeof RELATIONS)[number]

export const PRINCIPALS = [
  'anonymous',
  'guest',
  'ann',
  'ben',
  'owner',
  'other_owner',
  'box_office',
  'staff',
  'staff_of_one',
  'admin',
  'revoked',
  'expired',
] as const
export type Name = (typeof PRINCIPALS)[number]

type Side = { owner: string; organization_id: string; performance_id: string; event_id: string; buyer: string }
export type Fixture = {
  token: Readonly<Record<Name, string | null>>
  /** Whose the objects in that relation are; those that never were would be the first's. */
  organization(relation: Relation): string
  /** The object of that kind in that relation; null where there is no such thing. `fresh` makes one for this use. */
  object(kind: Kind, relation: Relation, fresh: boolean): Promise<string | null>
}

const STAFF_STANDING: Readonly<Partial<Record<Name, Standing>>> = {
  box_office: 'box_office',
  staff: 'staff',
  staff_of_one: 'staff',
}
const DRAFT_KINDS: readonly Kind[] = ['event', 'performance', 'tier', 'venue', 'chart']
const ORGANIZATION_WIDE: readonly Kind[] = ['venue', 'chart', 'organization']

/** What this principal is to that object. */
export function standings(name: Name, relation: Relation, kind: Kind): Standing[] {
  const all: Standing[] = ['anyone']
  if (name === 'anonymous' || name === 'revoked' || name === 'expired') return all
  all.push('someone')
  if (name !== 'guest') all.push('account')
  if (name === 'admin') all.push('admin')
  const foreign = relation === 'foreign' || relation === 'foreign_draft'
  const theirs_to_run = kind === 'none' || (name === 'other_owner') === foreign
  if ((name === 'owner' || name === 'other_owner') && theirs_to_run) all.push('organizer')
  const staff = STAFF_STANDING[name]
  const theirs = name !== 'staff_of_one' || (relation === 'own' && !ORGANIZATION_WIDE.includes(kind))
  if (staff !== undefined && !foreign && theirs) all.push(staff)
  if ((name === 'ann' && relation === 'own') || (name === 'ben' && relation === 'colleague')) all.push('holder')
  return all
}

/** What this principal is to anything at all: without any standing that the rule names, a role is missing. */
export function standingsAnywhere(name: Name): Standing[] {
  const all = new Set(RELATIONS.flatMap((relation) => standings(name, relation, 'booking')))
  // Whoever may buy may be the holder of something.
  if (all.has('someone')) all.add('holder')
  return [...all]
}

export async function makeFixture(test: TestProduct): Promise<Fixture> {
  const { client } = test
  const [first, second] = [await organizer(client, 'First'), await organizer(client, 'Second')]
  const [own, colleague, foreign] = [
    await putOnSale(client, { organizer: first, rows: 30, seats_a_row: 20 }),
    await putOnSale(client, { organizer: first, rows: 30, seats_a_row: 20 }),
    await putOnSale(client, { organizer: second, rows: 30, seats_a_row: 20 }),
  ]
  const [ann, ben, cid] = [await register(client), await register(client), await register(client)]
  const token = {
    anonymous: null,
    guest: (await guest(client)).token,
    ann: ann.token,
    ben: ben.token,
    owner: first.token,
    other_owner: second.token,
    box_office: await member(client, first, 'box_office'),
    staff: await member(client, first, 'staff'),
    staff_of_one: await member(client, first, 'staff', [own.event_id]),
    admin: (await admin(client, test.product.people)).token,
    revoked: await revoked(client, ann.email),
    expired: await expired(client, ann.email),
  }
  const sides: Partial<Record<Relation, Side>> = {
    own: { ...own, owner: first.token, organization_id: first.organization_id, buyer: ann.token },
    colleague: { ...colleague, owner: first.token, organization_id: first.organization_id, buyer: ben.token },
    foreign: { ...foreign, owner: second.token, organization_id: second.organization_id, buyer: cid.token },
  }
  const fixed: Record<string, Partial<Record<Kind, string>>> = {
    own: partsOf(own),
    colleague: partsOf(colleague),
    foreign: partsOf(foreign),
    draft: await draft(client, first),
    foreign_draft: await draft(client, second),
  }
  const organizations: Partial<Record<Relation, string>> = {
    own: first.organization_id,
    foreign: second.organization_id,
  }
  const maker = makerOf(client, sides)
  const made = new Map<string, Promise<string | null>>()
  const object: Fixture['object'] = async (kind, relation, fresh) => {
    if (kind === 'none') return relation === 'own' ? '' : null
    if (relation === 'absent') return ABSENT[kind]
    if (kind === 'organization') return organizations[relation] ?? null
    if (DRAFT_KINDS.includes(kind) && !(fresh && (kind === 'event' || kind === 'performance')))
      return fixed[relation]?.[kind] ?? null
    if (fresh) return maker(kind, relation)
    const name = `${kind} ${relation}`
    const known = made.get(name) ?? maker(kind, relation)
    made.set(name, known)
    return known
  }
  const organization = (relation: Relation): string =>
    (relation === 'foreign' || relation === 'foreign_draft' ? second : first).organization_id
  return { token, organization, object }
}

function partsOf(onsale: Onsale): Partial<Record<Kind, string>> {
  const { event_id, performance_id, stalls, venue_id, chart_id } = onsale
  return { event: event_id, performance: performance_id, tier: stalls, venue: venue_id, chart: chart_id }
}

const NEVER = '01h455vb4pex5vsknk084sn02q'
const ABSENT: Readonly<Record<Kind, string>> = {
  event: `evt_${NEVER}`,
  performance: `perf_${NEVER}`,
  tier: `tier_${NEVER}`,
  venue: `ven_${NEVER}`,
  chart: `cht_${NEVER}`,
  organization: `org_${NEVER}`,
  booking: `bk_${NEVER}`,
  hold: `bk_${NEVER}`,
  ticket: `tkt_${NEVER}`,
  payment: `pay_${NEVER}`,
  intent: `pay_${NEVER}`,
  block: `blk_${NEVER}`,
  checkin: `chk_${NEVER}`,
  session: `ses_${NEVER}`,
  none: '',
}

/** Makes objects on either side as their people do, each on seats of its own. */
function makerOf(client: Client, sides: Partial<Record<Relation, Side>>) {
  let seat = 0
  /** The seats from Q on cost nothing, so those before it are taken in turn. */
  const nextSeat = (): string => `${String.fromCharCode(65 + Math.floor(seat / 20))}-${(seat++ % 20) + 1}`
  return async (kind: Kind, relation: Relation): Promise<string | null> => {
    const side = sides[relation]
    if (side === undefined) return null
    const { owner, buyer, performance_id, event_id, organization_id } = side
    const bought = async (): Promise<Booking> => buy(client, buyer, performance_id, { seat_ids: [nextSeat()] })
    switch (kind) {
      case 'hold':
        return (await hold(client, buyer, performance_id, { seat_ids: [nextSeat()] })).booking_id
      case 'booking':
        return (await bought()).id
      case 'ticket':
        return (await bought()).tickets[0]?.id ?? null
      case 'payment':
        return (await bought()).payments[0]?.id ?? null
      case 'intent': {
        const { booking_id } = await hold(client, buyer, performance_id, { seat_ids: [nextSeat()] })
        const body = { booking_id }
        const made = await client.expect<{ payment_id: string }>(201, 'POST', '/payments/intent', {
          as: buyer,
          key: true,
          body,
        })
        return made.body.payment_id
      }
      case 'block': {
        const body = { seat_ids: [nextSeat()], reason: 'Hall seat' }
        const path = `/performances/${performance_id}/blocks`
        return (await client.expect<{ id: string }>(201, 'POST', path, { as: owner, body })).body.id
      }
      case 'checkin': {
        const ticket_id = (await bought()).tickets[0]?.id
        const { body } = await client.expect<{ code: string }>(200, 'GET', `/tickets/${ticket_id}`, { as: buyer })
        const scan = { code: body.code, performance_id }
        return (
          await client.expect<{ checkin_id: string }>(200, 'POST', '/checkins', { as: owner, key: true, body: scan })
        ).body.checkin_id
      }
      case 'session':
        return ownSession(client, buyer)
      case 'event':
      case 'performance': {
        const venue = await client.expect<{ venue: { id: string } }>(200, 'GET', `/events/${event_id}`)
        const body = { title: 'One more', venue_id: venue.body.venue.id, currency: 'EUR', organization_id }
        const event = (await client.expect<{ id: string }>(201, 'POST', '/events', { as: owner, body })).body.id
        if (kind === 'event') return event
        const night = { start_time: '2030-05-01T18:00:00Z', end_time: '2030-05-01T20:00:00Z' }
        const path = `/events/${event}/performances`
        return (await client.expect<{ id: string }>(201, 'POST', path, { as: owner, body: night })).body.id
      }
      default:
        return null
    }
  }
}

/** A second log-in of the same person, which they may end. */
async function ownSession(client: Client, token: string): Promise<string> {
  const me = await client.expect<{ email: string }>(200, 'GET', '/users/me', { as: token })
  await client.expect(200, 'POST', '/auth/login', { body: { email: me.body.email, password: PASSWORD } })
  const { body } = await client.expect<{ items: { id: string; current: boolean }[] }>(
    200,
    'GET',
    '/users/me/sessions',
    {
      as: token,
    },
  )
  const other = body.items.find((session) => !session.current)
  if (other === undefined) throw new Error('There is no second session')
  return other.id
}

async function member(client: Client, owner: Organizer, role: string, event_ids?: string[]): Promise<string> {
  const person = await register(client, role, 'Member')
  await client.expect(201, 'POST', `/organizations/${owner.organization_id}/members`, {
    as: owner.token,
    body: { email: person.email, role, ...(event_ids === undefined ? {} : { event_ids }) },
  })
  return person.token
}

async function revoked(client: Client, email: string): Promise<string> {
  const { body } = await client.expect<{ access_token: string }>(200, 'POST', '/auth/login', {
    body: { email, password: PASSWORD },
  })
  await client.expect(200, 'GET', '/users/me', { as: body.access_token })
  await client.expect(204, 'POST', '/auth/logout', { as: body.access_token, body: {} })
  return body.access_token
}

/** A token that was good an hour ago: its session is alive, only its own time is over. */
async function expired(client: Client, email: string): Promise<string> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
  try {
    const { body } = await client.expect<{ access_token: string }>(200, 'POST', '/auth/login', {
      body: { email, password: PASSWORD },
    })
    const [, claims = ''] = body.access_token.split('.')
    const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number }
    vi.useRealTimers()
    if (exp * 1_000 > Date.now()) throw new Error('The token is still good: it tests nothing')
    return body.access_token
  } finally {
    vi.useRealTimers()
  }
}

async function draft(client: Client, owner: Organizer): Promise<Partial<Record<Kind, string>>> {
  const make = async (path: string, body: unknown): Promise<string> =>
    (await client.expect<{ id: string }>(201, 'POST', path, { as: owner.token, body })).body.id
  const place = { name: 'Studio', city: 'Graz', country: 'AT', time_zone: 'Europe/Vienna' }
  const venue = await make('/venues', { ...place, organization_id: owner.organization_id })
  const chart = await make(`/venues/${venue}/charts`, plan(2, 5))
  const event = await make('/events', { title: 'Not yet', venue_id: venue, currency: 'EUR' })
  const night = { chart_id: chart, start_time: '2030-04-01T18:00:00Z', end_time: '2030-04-01T20:00:00Z' }
  const performance = await make(`/events/${event}/performances`, night)
  const tier = await make(`/performances/${performance}/tiers`, {
    name: 'Stalls',
    price: STALLS,
    categories: ['Stalls'],
  })
  return { venue, chart, event, performance, tier }
}
