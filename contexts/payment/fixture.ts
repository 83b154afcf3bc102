import { needsMembership, type Role, roleMay } from '@tessera/contracts/permissions'
import { PROBLEMS } from '@tessera/contracts/problems'
import { expect } from 'vitest'
import type { Principal } from '#platform/auth'
import { asPrincipal, openTestContext, type TestContext, violationsOf } from '#platform/testing'
import { type Bookings, type TestBooking, testBookings } from './bookings.fixture.ts'
import type { Deps, PaymentConfig } from './deps.ts'
import { payment } from './index.ts'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { resume } from './reconcile/resume.ts'
import { type Sandbox, startSandboxProcess } from './sandbox.fixture.ts'

export const SECRET = 'whsec_of_the_tests'
export const ORIGIN = 'http://localhost:3000'
export const ORGANIZER = asPrincipal('usr_organizer')
export const STRANGER = asPrincipal('usr_stranger')
export const ADMIN = asPrincipal('usr_admin', ['attendee', 'admin'])

export type Fixture = AsyncDisposable & {
  context: TestContext<Deps>
  sandbox: Sandbox
  bookings: Bookings
  /** Where the webhooks of this fixture arrive. */
  webhook_url: string
  call(as: Principal | null, method: 'GET' | 'POST', url: string, body?: unknown, key?: string): Promise<Answer>
  intent(booking: TestBooking, options?: { key?: string; body?: object }): Promise<Answer>
  confirm(booking: TestBooking, payment_id: string, payment_method?: string, key?: string): Promise<Answer>
  /** Intent and confirmation of a fresh or given booking. */
  pay(
    booking?: TestBooking,
    payment_method?: string,
  ): Promise<{ booking: TestBooking; payment_id: string; answer: Answer }>
  row(payment_id: string): Promise<Record<string, never>>
  /** All webhooks delivered and made something of. */
  drained(): Promise<void>
  /** The reconciler, as if it were that time, and what webhooks have begun meanwhile. */
  reconcile(as_of?: Date | null): Promise<void>
  /** What a process does that begins to lead. Resolves to whether something was under way. */
  resume(): Promise<boolean>
  /** All invariants hold, and the provider's own totals are ours. */
  sound(currency?: string): Promise<void>
}

export type Answer = Omit<Awaited<ReturnType<TestContext<Deps>['call']>>, 'body'> & {
  body: Record<string, never> & { payment_id: string }
}

export type FixtureOptions = { webhooks?: boolean; secret?: string; rate_limits?: boolean }

/** Payment on a database of its own, with the real SDK against a sandbox process, its webhooks coming over HTTP. */
export async function openFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const sandbox = await startSandboxProcess()
  const bookings = testBookings()
  const config: PaymentConfig = {
    public_origin: ORIGIN,
    rate_limits: options.rate_limits ?? false,
    payment_providers: {
      stripe: {
        api_base: sandbox.origin,
        secret_key: 'sk_test_tessera',
        webhook_secret: options.secret ?? SECRET,
      },
    },
  }
  const context = await openTestContext(payment, {
    config,
    problems: PROBLEMS,
    roleMay: (role, permission) => roleMay(role as Role, permission),
    needsMembership,
    memberships: (user_id) =>
      user_id === ORGANIZER.user_id
        ? [{ organization_id: 'org_of_the_event', role: 'organizer', event_ids: null }]
        : [],
    rpc: {
      booking: bookings,
      catalog: {
        performance: async () => null,
        event: async ({ event_id }) => ({
          event_id,
          organization_id: 'org_of_the_event',
          title: 'Two seats',
          currency: 'USD',
          status: 'published',
          performance_ids: [],
        }),
        chart: async () => null,
        tiers: async () => [],
      },
      identity: {
        person: async ({ user_id }) => ({
          user_id,
          guest: false,
          email: `${user_id}@test`,
          first_name: 'Ada',
          last_name: 'Byron',
        }),
        memberships: async () => [],
        organization: async () => null,
        jwks: async () => ({ keys: [] }),
      },
    },
  })
  await context.http.listen(0, '127.0.0.1')
  const address = context.http.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const webhook_url = `http://127.0.0.1:${port}/webhooks/stripe`
  if (options.webhooks !== false) await sandbox.aim(webhook_url, [SECRET])
  return fixtureOf(context, sandbox, bookings, webhook_url)
}

function fixtureOf(context: TestContext<Deps>, sandbox: Sandbox, bookings: Bookings, webhook_url: string): Fixture {
  let keys = 0
  const call: Fixture['call'] = async (as, method, url, body, key) =>
    (await context.call(method, url, {
      ...(as === null ? {} : { as }),
      ...(body === undefined ? {} : { body }),
      ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
    })) as Answer
  const fixture: Fixture = {
    context,
    sandbox,
    bookings,
    webhook_url,
    call,
    intent: (booking, { key = `intent-${++keys}`, body = {} } = {}) =>
      call(asPrincipal(booking.user_id), 'POST', '/api/v1/payments/intent', { booking_id: booking.id, ...body }, key),
    confirm: (booking, payment_id, payment_method = 'pm_card_visa', key = `confirm-${++keys}`) =>
      call(asPrincipal(booking.user_id), 'POST', '/api/v1/payments/confirm', { payment_id, payment_method }, key),
    pay: async (booking = bookings.add(), payment_method = 'pm_card_visa') => {
      const { payment_id } = (await fixture.intent(booking)).body
      return { booking, payment_id, answer: await fixture.confirm(booking, payment_id, payment_method) }
    },
    row: async (payment_id) => {
      const [row] = await context.owner.query<Record<string, never>>('select * from payment.payments where id = $1', [
        payment_id,
      ])
      if (row === undefined) throw new Error(`There is no ${payment_id}`)
      return row
    },
    drained: async () => {
      await sandbox.settled()
      await context.deps.webhooks.idle()
    },
    reconcile: async (as_of = null) => {
      await runJob(context.deps, 'payment.reconcile', as_of)
      // A run that a webhook has begun may have claimed the events that this one would have processed.
      await context.deps.webhooks.idle()
    },
    resume: () => resume(context.deps),
    sound: async (currency = 'USD') => {
      expect(await violationsOf(context.auditor, invariants)).toEqual({})
      const theirs = await sandbox.ledger(currency)
      const [ours] = await context.owner.query<{ captured: string; refunded: string; fees: string }>(
        `select coalesce(sum(captured), 0) as captured, coalesce(sum(refunded), 0) as refunded, coalesce(sum(fee), 0) as fees
         from payment.payments where currency = $1`,
        [currency],
      )
      expect({ captured: Number(ours?.captured), refunded: Number(ours?.refunded), fees: Number(ours?.fees) }).toEqual({
        captured: theirs.captured,
        refunded: theirs.refunded,
        fees: theirs.fees,
      })
    },
    [Symbol.asyncDispose]: async () => {
      await sandbox[Symbol.asyncDispose]()
      await context[Symbol.asyncDispose]()
    },
  }
  return fixture
}

async function runJob(deps: Deps, name: string, as_of: Date | null): Promise<void> {
  const job = jobs(deps).find((one) => one.name === name)
  if (job === undefined) throw new Error(`There is no job ${name}`)
  await job.run({ as_of: as_of?.toISOString() ?? null })
}
