import { type Static, Type } from 'typebox'
import { TicketHolder } from './ticketing.ts'

/** Text that PostgreSQL can keep: everything but NUL. */
const Word = Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000]*$' })

export const CheckinInput = Type.Object(
  {
    // Whatever a camera read: a text that is no code of ours is an answer (422), not a malformed request.
    code: Type.String({ maxLength: 10_000 }),
    performance_id: Type.String({ minLength: 1, maxLength: 200 }),
    gate: Type.Optional(Word),
    device_id: Type.Optional(Word),
    scanned_at: Type.Optional(Type.String({ format: 'date-time', description: "The device's time of the scan" })),
  },
  { additionalProperties: false },
)
export type CheckinInput = Static<typeof CheckinInput>

export const CheckinParams = Type.Object({ checkin_id: Type.String({ minLength: 1, maxLength: 200 }) })
export const CheckinPerformanceParams = Type.Object({ performance_id: Type.String({ minLength: 1, maxLength: 200 }) })

export const CheckinSeat = Type.Object({ id: Type.String(), label: Type.String() })

export const Checkin = Type.Object({
  checkin_id: Type.String(),
  result: Type.Literal('admitted'),
  admitted_at: Type.String(),
  gate: Type.Union([Type.String(), Type.Null()]),
  ticket: Type.Object({
    id: Type.String(),
    booking_id: Type.String(),
    performance_id: Type.String(),
    tier: Type.Object({ id: Type.String(), name: Type.String() }),
  }),
  holder: Type.Union([TicketHolder, Type.Null()]),
  seat: Type.Union([CheckinSeat, Type.Null()]),
})
export type Checkin = Static<typeof Checkin>

export const UndoneCheckin = Type.Object({
  checkin_id: Type.String(),
  result: Type.Literal('undone'),
  ticket: Type.Object({ id: Type.String() }),
})
export type UndoneCheckin = Static<typeof UndoneCheckin>

/** What happened at the doors last, newest first. */
export const DoorEntry = Type.Object({
  checkin_id: Type.String(),
  kind: Type.Union([Type.Literal('admitted'), Type.Literal('undone')]),
  at: Type.String(),
  gate: Type.Union([Type.String(), Type.Null()]),
  ticket_id: Type.String(),
  seat_label: Type.String(),
  tier_name: Type.String(),
  holder: Type.Union([TicketHolder, Type.Null()]),
})

/** The state of the doors. `ETag` changes with it: poll with `If-None-Match`. */
export const DoorState = Type.Object({
  performance_id: Type.String(),
  admitted: Type.Integer(),
  total: Type.Integer({
    description: 'Tickets that are valid for this performance, and those admitted that were revoked afterwards',
  }),
  recent: Type.Array(DoorEntry),
})
export type DoorState = Static<typeof DoorState>
