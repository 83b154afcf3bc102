import { type Static, Type } from 'typebox'
import { idPattern } from '../ids.ts'
import { Money } from './money.ts'

const closed = { additionalProperties: false }

export const EventParams = Type.Object({ event_id: Type.String({ maxLength: 64 }) })

const counts = {
  total: Type.Integer(),
  sold: Type.Integer(),
  held: Type.Integer(),
  blocked: Type.Integer(),
  revenue: Money,
}

/**
 * How far the cancellation of a performance is: its bookings are cancelled and their refunds reserved in the background.
 * `refund_total` is what buyers were promised; `revenue` falls to what is kept as the provider pays it.
 */
const CancellationProgress = Type.Object({
  bookings: Type.Integer(),
  bookings_cancelled: Type.Integer(),
  holds_released: Type.Integer(),
  refunds_requested: Type.Integer(),
  refund_total: Money,
  requested_at: Type.String(),
  finished_at: Type.Union([Type.String(), Type.Null()]),
})

/**
 * An event's sales for its organizer. `held` is on hold right now, not sold. `revenue` is money that was kept: what bookings
 * have paid, less refunds and disputes, so a booking that was cancelled at 50 % leaves half of its price. It equals the
 * ledger.
 */
export const EventSales = Type.Object({
  event_id: Type.String(),
  performances: Type.Array(
    Type.Object({
      performance_id: Type.String(),
      start_time: Type.String(),
      status: Type.String(),
      ...counts,
      cancellation: Type.Optional(CancellationProgress),
      tiers: Type.Array(Type.Object({ tier_id: Type.String(), name: Type.String(), price: Money, ...counts })),
    }),
  ),
  recent_bookings: Type.Array(
    Type.Object({
      booking_id: Type.String(),
      performance_id: Type.String(),
      confirmed_at: Type.String(),
      /** Tickets of the booking, seated or not. */
      places: Type.Integer(),
      labels: Type.Array(Type.String()),
      total: Money,
    }),
  ),
})
export type EventSales = Static<typeof EventSales>

/** Seats by id, or a quantity of a general-admission tier. */
export const BlockBody = Type.Object(
  {
    seat_ids: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 128 }), { minItems: 1, maxItems: 80_000 }),
    ),
    tier_id: Type.Optional(Type.String({ pattern: idPattern('tier') })),
    quantity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    reason: Type.String({ minLength: 1, maxLength: 200 }),
    release_at: Type.Optional(Type.String({ format: 'date-time' })),
  },
  closed,
)

export const Block = Type.Object({
  id: Type.String(),
  performance_id: Type.String(),
  seat_ids: Type.Array(Type.String()),
  tier_id: Type.Union([Type.String(), Type.Null()]),
  quantity: Type.Union([Type.Integer(), Type.Null()]),
  reason: Type.String(),
  release_at: Type.Union([Type.String(), Type.Null()]),
  /** `noted` until the performance is published; `refused` when publication found some of it not free. */
  state: Type.Union([Type.Literal('noted'), Type.Literal('active'), Type.Literal('refused')]),
  /** Of a refused block: the seats, or the tier, that stood in its way. */
  unavailable: Type.Array(Type.String()),
})

export const BlocksQuery = Type.Object({
  limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,2}$' })),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
})

export const BlockParams = Type.Object({ block_id: Type.String({ maxLength: 64 }) })
