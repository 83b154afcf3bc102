import { HeldBooking, HoldBody } from '@tessera/contracts/http/booking'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { answer, type Http, type Outcome, rateLimitSourcesOf } from '#platform/http'
import type { Deps } from '../deps.ts'
import { type HoldOutcome, hold } from '../hold.ts'

/** Every seat of the largest order by a 36-digit id, each with its tariff. */
const HOLD_BYTES_MAX = 262_144
/** Refused rather than ignored: otherwise the buyer would pay the full price, or bypass a queue. */
const UNSUPPORTED = ['promo_code', 'queue_token'] as const

export function holdRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/bookings/hold',
      id: 'holdSeats',
      summary: 'Hold seats or general-admission tickets, all or nothing',
      tag: 'Booking',
      access: 'bookings:create',
      idempotency: 'required',
      body_bytes_max: HOLD_BYTES_MAX,
      body: HoldBody,
      responses: { 201: HeldBooking },
      problems: [
        'malformed-request',
        'seat-unavailable',
        'unknown-seats',
        'limit-exceeded',
        'not-on-sale',
        'invalid-input',
        'not-found',
        'too-many-holds',
        'unavailable',
      ],
    },
    async (call) => {
      const { principal, idempotency, body } = call
      const unsupported = UNSUPPORTED.filter((name) => body[name] !== undefined)
      if (unsupported.length > 0) return refuseUnsupported(unsupported)
      const sources = deps.hold_limits === null ? [] : rateLimitSourcesOf(call.ip)
      return heldAnswer(await hold(deps, { owner_id: principal.user_id, sources, request: idempotency, body }))
    },
  )
}

function refuseUnsupported(names: readonly string[]): Outcome {
  const errors = names.map((name) => ({ pointer: `/${name}`, detail: 'is not supported yet; leave it out' }))
  return problem('invalid-input', `Not supported yet: ${names.join(', ')}.`, { errors })
}

const TOO_MANY = {
  open: 'You have as many holds open as one person or network may have. Pay for one, or let one go.',
  unused:
    'Much was held and not bought. Buy what you hold, or release it soon; until then each further hold waits longer.',
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
    case 'too-many-holds':
      return problem('too-many-holds', TOO_MANY[outcome.because], {}, outcome.retry_after_s)
    case 'saturated':
      return problem('unavailable', 'Very many people are asking at once. Try again with the same key.', {}, 1)
  }
}
