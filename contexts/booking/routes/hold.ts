import { HeldBooking, HoldBody } from '@tessera/contracts/http/booking'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { answer, type Http, type Outcome } from '#platform/http'
import type { Deps } from '../deps.ts'
import { type HoldOutcome, hold } from '../hold.ts'

/** Every seat of the largest order by a 36-digit id, each with its tariff. */
const HOLD_BYTES_MAX = 262_144

export function holdRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/bookings/hold',
      id: 'holdSeats',
      summary: 'Hold seats or places, all or nothing',
      tag: 'Booking',
      access: 'bookings:create',
      idempotency: 'required',
      body_bytes_max: HOLD_BYTES_MAX,
      body: HoldBody,
      responses: { 201: HeldBooking },
      problems: ['seat-unavailable', 'unknown-seats', 'limit-exceeded', 'not-on-sale', 'not-found', 'unavailable'],
    },
    async ({ principal, idempotency, body }) => {
      return heldAnswer(await hold(deps, { owner_id: principal.user_id, request: idempotency, body }))
    },
  )
}

function heldAnswer(outcome: HoldOutcome): Outcome {
  switch (outcome.kind) {
    case 'held':
      return answer(201, outcome.booking, { location: `/api/v1/bookings/${outcome.booking.booking_id}` })
    case 'replayed':
      return answer(201, outcome.booking, {
        location: `/api/v1/bookings/${outcome.booking.booking_id}`,
        'idempotent-replayed': 'true',
      })
    case 'idempotency-mismatch':
      return outcome
    case 'malformed-request':
      return problem('malformed-request', outcome.detail)
    case 'unknown-performance':
      return problem('not-found')
    case 'unknown-seats':
      return problem('unknown-seats', outcome.detail, { seat_ids: outcome.seat_ids })
    case 'not-on-sale':
      return problem('not-on-sale', outcome.detail)
    case 'limit-exceeded':
      return problem('limit-exceeded', outcome.detail)
    case 'seat-unavailable':
      return problem('seat-unavailable', outcome.detail, { unavailable: outcome.unavailable })
    case 'saturated':
      return problem('unavailable', 'Very many people are asking at once. Try again with the same key.', {}, 1)
  }
}
