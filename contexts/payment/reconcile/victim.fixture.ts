import { createHash } from 'node:crypto'
import { openDb } from '#platform/db'
import { createTelemetry } from '#platform/telemetry'
import { type TestBooking, testBookings } from '../bookings.fixture.ts'
import { confirmPayment } from '../confirm.ts'
import { openLanes } from '../lanes.ts'
import { openStripe } from '../provider/stripe.ts'

type Order = { url: string; api_base: string; payment_id: string; booking: TestBooking; key: string }

/** A process that charges a card as told, and is killed over it. */
process.once('message', (order: Order) => {
  const bookings = testBookings()
  bookings.add(order.booking)
  const { log } = createTelemetry({ level: 'fatal', service: 'victim' })
  const db = openDb({ url: order.url, role: 'tessera_payment', search_path: 'payment' })
  const deps = {
    db,
    lanes: openLanes(db, 'stripe', () => undefined),
    provider: openStripe({ api_base: order.api_base, secret_key: 'sk_test_tessera' }),
    booking: bookings,
    log,
  }
  const body = { payment_id: order.payment_id, payment_method: 'pm_card_visa' }
  // As the door makes it of this request, so that a repeat over HTTP is the same request.
  const idempotency = {
    owner: order.booking.user_id,
    operation: 'confirmPayment',
    key: order.key,
    body_hash: hashOf(body),
  }
  void confirmPayment(deps, { idempotency, body })
})

function hashOf(body: object): string {
  return createHash('sha256').update('/api/v1/payments/confirm\n').update(JSON.stringify(body)).digest('base64url')
}
