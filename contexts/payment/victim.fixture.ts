import { createHash } from 'node:crypto'
import { openDb } from '#platform/db'
import { createTelemetry } from '#platform/telemetry'
import { openBatchers } from './batchers.ts'
import { type TestBooking, testBookings } from './bookings.fixture.ts'
import { confirmPayment } from './confirm.ts'
import { openIntent } from './open-intent.ts'
import { openRegistry } from './provider/registry.ts'
import { openStripe } from './provider/stripe/stripe.ts'

export type Order = {
  url: string
  api_base: string
  public_origin: string
  booking: TestBooking
  intent_key: string
  confirm_key: string
  /** Before this one of its calls to the database, the provider or booking the process kills itself; from 1. */
  fatal_step: number
}

/** A process that buys as told and dies over it. It exits with 0 when it got to the end. */
process.once('message', (order: Order) => void buy(order))

async function buy(order: Order): Promise<void> {
  let step = 0
  const fatal = <T extends object>(dependency: T): T =>
    new Proxy(dependency, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value === 'object' && value !== null) return fatal(value)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          step++
          if (step === order.fatal_step) process.kill(process.pid, 'SIGKILL')
          return Reflect.apply(value, target, args)
        }
      },
    })
  const bookings = testBookings()
  bookings.add(order.booking)
  const db = openDb({ url: order.url, role: 'tessera_payment', search_path: 'payment' })
  const rpc = { booking: fatal(bookings), identity: { person: async () => PERSON } }
  const deps = {
    db: fatal(db),
    batchers: fatal(openBatchers(db, () => undefined)),
    limits: null,
    providers: openRegistry([
      fatal(
        openStripe({
          api_base: order.api_base,
          secret_key: 'sk_test_tessera',
          webhook_secrets: [],
        }),
      ),
    ]),
    rpc: { booking: rpc.booking, identity: { ...UNASKED, ...rpc.identity } },
    public_origin: order.public_origin,
    log: createTelemetry({ level: 'silent', service: 'victim' }).log,
    concluding: new Set<string>(),
    webhooks: { nudge: () => undefined },
  }
  const owner = order.booking.user_id
  const wish = { booking_id: order.booking.id }
  const opened = await openIntent(deps, {
    buyer: { user_id: owner, guest: false },
    idempotency: keyed(owner, order.intent_key, '/api/v1/payments/intent', wish),
    body: wish,
    sources: [],
  })
  if (opened.kind !== 'opened') throw new Error(`The victim could not begin: ${opened.kind}`)
  const charge = { payment_id: opened.payment.id, payment_method: 'pm_card_visa' }
  await confirmPayment(deps, {
    idempotency: keyed(owner, order.confirm_key, '/api/v1/payments/confirm', charge),
    body: charge,
    sources: [],
  })
  process.exit(0)
}

const PERSON = { user_id: 'usr_victim', guest: false, email: 'victim@test', first_name: 'Ada', last_name: 'Byron' }
const UNASKED = {
  memberships: async () => [],
  organization: async () => null,
  jwks: async () => ({ keys: [] }),
}

/** As the HTTP pipeline makes it of the same request, so that a repeat over HTTP is a repeat. */
function keyed(owner: string, key: string, url: string, body: object) {
  const body_hash = createHash('sha256').update(`${url}\n`).update(JSON.stringify(body)).digest('base64url')
  return { owner, operation: url, key, body_hash }
}
