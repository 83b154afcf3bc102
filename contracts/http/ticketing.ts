import { type Static, Type } from 'typebox'

const Nullable = <Schema extends ReturnType<typeof Type.Object> | ReturnType<typeof Type.String>>(schema: Schema) =>
  Type.Union([schema, Type.Null()])

/** Ids in paths are any text: one that we never made is a 404, not a 400. */
const PathId = Type.String({ minLength: 1, maxLength: 200 })

/** The order link of a guest: an unguessable token for the booking instead of a session. */
const Access = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }))

export const TicketParams = Type.Object({ ticket_id: PathId })
export const BookingParams = Type.Object({ booking_id: PathId })
export const AccessQuery = Type.Object({ access: Access }, { additionalProperties: false })
export const PrintQuery = Type.Object(
  {
    access: Access,
    locale: Type.Optional(
      Type.String({
        description:
          'The language of the file, as a BCP 47 tag, in place of `Accept-Language`; English where there is none for it',
        maxLength: 100,
      }),
    ),
  },
  { additionalProperties: false },
)
export const TicketPageQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    cursor: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
)

export const TicketStatus = Type.Union([
  Type.Literal('active'),
  Type.Literal('used'),
  Type.Literal('void'),
  Type.Literal('transferred'),
])

/** The parts are there when the chart names them. */
export const TicketSeat = Type.Object({
  id: Type.String(),
  label: Type.String({ description: 'As a person is told: "Stalls, row F, seat 12"' }),
  section: Type.Optional(Type.String()),
  row: Type.Optional(Type.String()),
  number: Type.Optional(Type.String()),
  restricted_view: Type.Optional(Type.Boolean({ description: 'Present and true where the chart says so of the seat' })),
})

export const TicketHolder = Type.Object({ first_name: Type.String(), last_name: Type.String() })

export const Ticket = Type.Object({
  id: Type.String(),
  booking_id: Type.String(),
  code: Type.Union([Type.String(), Type.Null()], { description: 'Only to its holder' }),
  short_code: Type.Union([Type.String(), Type.Null()], {
    description: 'To be typed at the door when the code cannot be scanned; only to its holder',
  }),
  status: TicketStatus,
  /** Its position among the tickets of its booking, from 1. */
  position: Type.Integer(),
  of: Type.Integer(),
  seat: Type.Union([TicketSeat, Type.Null()]),
  tier: Type.Object({ id: Type.String(), name: Type.String() }),
  holder: Nullable(TicketHolder),
  performance: Type.Object({
    id: Type.String(),
    event_id: Type.String(),
    title: Type.String(),
    genre: Type.String(),
    start_time: Type.String(),
    end_time: Type.String(),
    doors_time: Nullable(Type.String()),
    venue: Type.Object({
      id: Type.String(),
      name: Type.String(),
      address: Type.String(),
      city: Type.String(),
      country: Type.String(),
      time_zone: Type.String(),
    }),
  }),
})
export type Ticket = Static<typeof Ticket>

export const TicketPage = Type.Object({ items: Type.Array(Ticket), next_cursor: Nullable(Type.String()) })
