import { type Static, Type } from 'typebox'
import { idPattern } from '../ids.ts'
import { Money } from './money.ts'
import { paymentFields, RefundState } from './payment.ts'

const closed = { additionalProperties: false }
const Time = Type.String({ format: 'date-time' })
const SeatId = Type.String({ minLength: 1, maxLength: 128 })
const PerformanceId = Type.String({ pattern: idPattern('perf') })
const TierId = Type.String({ pattern: idPattern('tier') })
const Quantity = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
/** Far above any limit per order: that refusal is a 422 with a sentence, this only bounds the work. */
const SEATS_MAX = 2_000

export const BookingParams = Type.Object({ booking_id: Type.String({ maxLength: 64 }) })
export const PerformanceParams = Type.Object({ performance_id: Type.String({ maxLength: 64 }) })

const common = {
  performance_id: PerformanceId,
  promo_code: Type.Optional(Type.String({ maxLength: 64 })),
  queue_token: Type.Optional(Type.String({ maxLength: 4_096 })),
}

/** Exactly one way to say what: seats by id, seats with a tariff each, general-admission quantities by tier, or the best there is. */
export const HoldBody = Type.Object(
  {
    ...common,
    seat_ids: Type.Optional(Type.Array(SeatId, { minItems: 1, maxItems: SEATS_MAX })),
    seats: Type.Optional(
      Type.Array(Type.Object({ seat_id: SeatId, tier_id: TierId }, closed), { minItems: 1, maxItems: SEATS_MAX }),
    ),
    items: Type.Optional(
      Type.Array(Type.Object({ tier_id: TierId, quantity: Quantity }, closed), { minItems: 1, maxItems: 100 }),
    ),
    best_available: Type.Optional(Type.Object({ tier_id: TierId, quantity: Quantity }, closed)),
  },
  closed,
)
export type HoldBody = Static<typeof HoldBody>

export const LineItem = Type.Object({
  seat_id: Type.Union([Type.String(), Type.Null()]),
  label: Type.String(),
  restricted_view: Type.Optional(Type.Boolean({ description: 'Present and true where the chart says so of the seat' })),
  tier: Type.Object({ id: Type.String(), name: Type.String() }),
  quantity: Type.Integer(),
  price: Money,
  fees: Money,
  tax: Money,
})

export const BookingStatus = Type.Union([
  Type.Literal('held'),
  Type.Literal('confirmed'),
  Type.Literal('expired'),
  Type.Literal('released'),
  Type.Literal('cancelled'),
])

const held = {
  booking_id: Type.String(),
  status: BookingStatus,
  hold_expires_at: Time,
  line_items: Type.Array(LineItem),
  subtotal: Money,
  discount: Money,
  fees: Money,
  tax: Money,
  total: Money,
  currency: Type.String(),
}

const orderNumber = Type.String({ description: 'The order as people name it, such as `K7M4-9TX3`; grants nothing' })

/** What a hold answers. */
export const HeldBooking = Type.Object(held)
export type HeldBooking = Static<typeof HeldBooking>

/**
 * Why and when a confirmed booking was cancelled, and what it gives back: `refund` is the promise and the sum of the
 * refunds made for it. `refund_state` is `none` when nothing goes back, else the state that is furthest from done.
 */
export const Cancellation = Type.Object({
  reason: Type.Union([Type.Literal('buyer'), Type.Literal('event_cancelled')]),
  cancelled_at: Time,
  refund_percent: Type.Integer(),
  refund: Money,
  refund_state: Type.Union([Type.Literal('none'), RefundState]),
})
export type Cancellation = Static<typeof Cancellation>

export const Booking = Type.Object({
  id: Type.String(),
  number: orderNumber,
  ...held,
  performance_id: Type.String(),
  event_id: Type.String(),
  title: Type.String(),
  start_time: Time,
  /** The database's clock at the answer: what a hold's remaining time is counted from. */
  server_time: Time,
  /** Whether it was read by its holder or with its order link; people of the organization read false and can only look. */
  own: Type.Boolean(),
  tickets: Type.Array(
    Type.Object({
      id: Type.String(),
      seat_id: Type.Union([Type.String(), Type.Null()]),
      tier_id: Type.String(),
      status: Type.String(),
    }),
  ),
  payments: Type.Array(Type.Object({ id: Type.String(), ...paymentFields })),
  /** `cancelled`: the event does not take place. */
  performance_status: Type.Union([Type.Literal('on_sale'), Type.Literal('cancelled')]),
  /** Present once a confirmed booking has been cancelled. */
  cancellation: Type.Optional(Cancellation),
  /** The unguessable link of this order, for its owner to keep; `?access=` on its reads is the same right. */
  order_url: Type.Optional(Type.String()),
  access_token: Type.Optional(Type.String()),
})
export type Booking = Static<typeof Booking>

export const BookingQuery = Type.Object({ access: Type.Optional(Type.String({ maxLength: 128 })) })

export const ConfirmBody = Type.Object(
  {
    booking_id: Type.String({ pattern: idPattern('bk') }),
    payment_id: Type.Optional(Type.String({ pattern: idPattern('pay') })),
  },
  closed,
)

export const CancelQuery = Type.Object({
  preview: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
  /** Gives back a hold and nothing else: 409 when it has been paid meanwhile. */
  expect: Type.Optional(Type.Literal('held')),
})

/**
 * `refund` is always an amount, zero when nothing goes back (a released hold, a free booking, a policy that gives nothing);
 * the preview, the answer and the refund itself are one number.
 */
export const CancelledBooking = Type.Object({
  id: Type.String(),
  status: BookingStatus,
  refund: Money,
  /** The buyer's bank has taken the payment into dispute: the refund is paid when the dispute is won. */
  refund_waits_for: Type.Optional(Type.Literal('dispute')),
})

export const MyBookingsQuery = Type.Object({
  status: Type.Optional(BookingStatus),
  limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,2}$' })),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
})

export const BookingSummary = Type.Object({
  id: Type.String(),
  status: BookingStatus,
  performance_id: Type.String(),
  event_id: Type.String(),
  title: Type.String(),
  start_time: Time,
  hold_expires_at: Time,
  held_at: Time,
  /** Tickets of the booking, seated or not. */
  places: Type.Integer(),
  total: Money,
})
