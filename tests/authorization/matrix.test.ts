import { expect, test } from 'vitest'
import type { Answer } from '../client.ts'
import { productOfFile } from '../product.ts'
import { plan, STALLS } from '../theatre.ts'
import {
  makeFixture,
  type Name,
  PRINCIPALS,
  RELATIONS,
  type Relation,
  standings,
  standingsAnywhere,
} from './fixture.ts'
import { type Kind, POLICY, type Rule, undecided } from './policy.ts'

/**
 * Every operation of the product × everyone × everything: what the policy says against what the product answers. Nobody
 * hears more of another tenant's objects than of objects that never were.
 */
const product = await productOfFile()
const { client } = product
const fixture = await makeFixture(product)
const { definitions } = product.product.http

let checks = 0

/** Bodies that the operation takes, so that a refusal is about the person and not about the form. */
const night = { start_time: '2030-03-01T18:00:00Z', end_time: '2030-03-01T20:00:00Z' }
const email = (): string => `${crypto.randomUUID()}@example.test`
const bodies: Readonly<Record<string, (id: string, relation: Relation) => unknown>> = {
  register: () => ({ email: email(), password: 'correct horse battery', first_name: 'N', last_name: 'N' }),
  login: () => ({ email: email(), password: 'whatever it may be' }),
  welcomeGuest: () => ({}),
  refresh: () => ({ refresh_token: 'x'.repeat(43) }),
  logout: () => ({}),
  updateMe: () => ({ first_name: 'New' }),
  createOrganization: () => ({ name: 'Another' }),
  addMember: () => ({ email: email(), role: 'staff' }),
  inviteMember: () => ({ email: email(), role: 'staff' }),
  createEvent: (venue_id, relation) => ({
    title: 'New',
    venue_id,
    currency: 'EUR',
    organization_id: fixture.organization(relation),
  }),
  updateEvent: () => ({ title: 'Renamed' }),
  createVenue: (organization_id) => ({
    name: 'New',
    city: 'Linz',
    country: 'AT',
    time_zone: 'Europe/Vienna',
    organization_id,
  }),
  createChart: () => plan(1, 2),
  addPerformance: () => night,
  updatePerformance: () => night,
  addTier: () => ({ name: 'Extra', price: STALLS, quantity: 5 }),
  updateTier: () => ({ name: 'Renamed' }),
  holdSeats: (performance_id) => ({ performance_id, seat_ids: ['Z-1'] }),
  confirmBooking: (booking_id) => ({ booking_id }),
  blockSeats: () => ({ seat_ids: ['A-1'], reason: 'Camera' }),
  createPaymentIntent: (booking_id) => ({ booking_id, email: 'someone@example.test' }),
  confirmPayment: (payment_id) => ({ payment_id, payment_method: 'pm_card_chargeDeclined' }),
  refundPayment: () => ({ amount: { amount: 1, currency: 'EUR' }, reason: 'Goodwill' }),
  resolveRefundCase: () => ({ refund_id: 'ref_none', how: 'retry' }),
  receiveStripeWebhook: () => ({}),
  receiveStripeWebhookAtRoot: () => ({}),
  createCheckin: (performance_id) => ({ performance_id, code: 'nobody’s' }),
}

type Definition = (typeof definitions)[number]

async function ask(definition: Definition, name: Name, id: string, relation: Relation): Promise<Answer> {
  const body = bodies[definition.id]?.(id, relation)
  const path = definition.url.replace(/:\w+/, id)
  if (definition.responses[200] === 'text/event-stream') return opening(path, name)
  return client.send(definition.method, path, {
    as: fixture.token[name],
    key: true,
    ...(body === undefined ? {} : { body }),
  })
}

/** Of a stream only how it begins. */
async function opening(path: string, name: Name): Promise<Answer> {
  const token = fixture.token[name]
  const closing = new AbortController()
  const response = await fetch(`${client.origin}${path}`, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    signal: closing.signal,
  })
  const body = response.status === 200 ? {} : ((await response.json()) as Record<string, unknown>)
  closing.abort()
  return { status: response.status, headers: response.headers, body, bytes: Buffer.alloc(0) }
}

/** Drafts show themselves to those whom the rule names for them. */
function allowed(rule: Rule, name: Name, relation: Relation): boolean {
  if (relation === 'absent') return false
  const may = relation === 'draft' || relation === 'foreign_draft' ? (rule.draft ?? rule.may) : rule.may
  return standings(name, relation, rule.object).some((standing) => may.includes(standing))
}

function refusal(rule: Rule, definition: Definition, name: Name): number {
  const someone = standingsAnywhere(name).includes('someone')
  if (!someone) return rule.stranger ?? 401
  if (definition.access === 'public' || definition.access === 'session') return 404
  const named = [...rule.may, ...(rule.draft ?? [])]
  return standingsAnywhere(name).some((standing) => named.includes(standing)) ? 404 : 403
}

test('every operation has been decided about, and one that was not is noticed', () => {
  const operations = definitions.map((definition) => definition.id)
  expect(operations.length).toBeGreaterThan(50)
  expect(new Set(operations).size).toBe(operations.length)
  expect(undecided(operations)).toEqual({ missing: [], stale: [] })
  expect(undecided([...operations, 'exportEverything'])).toEqual({ missing: ['exportEverything'], stale: [] })
  expect(undecided(operations.slice(1)).stale).toEqual(operations.slice(0, 1))
})

// Refusals first: they change nothing, so that they are about the objects as they were made.
test.each(definitions.map((definition) => definition.id))('%s refuses whom it must', async (id) => {
  const { definition, rule } = decided(id)
  for (const relation of RELATIONS) {
    const object = await fixture.object(rule.object, relation, false)
    if (object === null) continue
    for (const name of PRINCIPALS) {
      if (allowed(rule, name, relation)) continue
      const answer = await ask(definition, name, object, relation)
      checks++
      const expected = refusal(rule, definition, name)
      expect(`${name} on ${relation}: ${answer.status}`).toBe(`${name} on ${relation}: ${expected}`)
      if (expected === 404) await expectSameAsAbsent(definition, name, rule.object, answer, object)
    }
  }
})

const lasting = definitions.map((definition) => definition.id).filter((id) => POLICY[id]?.ends_token !== true)

test.each(lasting)('%s serves whom it may', async (id) => {
  const { definition, rule } = decided(id)
  let served = 0
  for (const relation of RELATIONS) {
    for (const name of PRINCIPALS) {
      if (!allowed(rule, name, relation)) continue
      const object = await fixture.object(rule.object, relation, rule.consumes === true)
      if (object === null) continue
      const { status, bytes, headers } = await ask(definition, name, object, relation)
      if (definition.access !== 'public') expect(headers.get('cache-control')).toMatch(/no-store|private/)
      checks++
      served++
      const fine = rule.done?.includes(status) ?? (status >= 200 && status < 300)
      const heard = fine ? 'served' : `${status} ${bytes}`
      expect(`${name} on ${relation}: ${heard}`).toBe(`${name} on ${relation}: served`)
    }
  }
  expect(served).toBeGreaterThan(0)
})

test('the matrix was large', () => {
  process.stdout.write(
    `${checks} checks: ${definitions.length} operations × ${PRINCIPALS.length} principals × ${RELATIONS.length} relations\n`,
  )
  expect(checks).toBeGreaterThan(2_000)
})

function decided(id: string): { definition: Definition; rule: Rule } {
  const definition = definitions.find((one) => one.id === id)
  const rule = POLICY[id]
  if (definition === undefined || rule === undefined) throw new Error(`Nobody decided about ${id}`)
  return { definition, rule }
}

const absences = new Map<string, Promise<string>>()

/** Word for word what someone hears of an object that never was; only its id is another. */
async function expectSameAsAbsent(
  definition: Definition,
  name: Name,
  kind: Kind,
  answer: Answer,
  id: string,
): Promise<void> {
  const absent = (await fixture.object(kind, 'absent', false)) ?? ''
  const key = `${definition.id} ${name}`
  const known = absences.get(key) ?? ask(definition, name, absent, 'absent').then((other) => wordsOf(other, absent))
  absences.set(key, known)
  expect(wordsOf(answer, id)).toBe(await known)
}

function wordsOf({ status, body }: Answer, id: string): string {
  const words = JSON.stringify({ ...body, request_id: '' }).replaceAll(id, 'ID')
  return `${status} ${words}`
}
