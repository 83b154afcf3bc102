/** Bodies of the catalog's operations: venues, charts, events, performances, tiers. */
import { type Static, Type } from 'typebox'
import { Money } from './money.ts'

const closed = { additionalProperties: false } as const
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

const Id = Type.String({ maxLength: 64 })
/** RFC 3339 with any offset in requests, UTC in answers. */
const Time = Type.String({ format: 'date-time', maxLength: 40 })
const Day = Type.String({ format: 'date' })

/* venues */

export const VenueInput = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    address: Type.Optional(Type.String({ maxLength: 500 })),
    city: Type.Optional(Type.String({ maxLength: 100, description: 'Absent where there is none, as online' })),
    country: Type.String({ maxLength: 10, description: 'ISO 3166-1 alpha-2' }),
    latitude: Type.Optional(Nullable(Type.Number())),
    longitude: Type.Optional(Nullable(Type.Number())),
    time_zone: Type.String({ maxLength: 64, description: 'IANA, e.g. Europe/Vienna' }),
    organization_id: Type.Optional(Id),
  },
  closed,
)
export type VenueInput = Static<typeof VenueInput>

export const Venue = Type.Object({
  id: Id,
  organization_id: Id,
  name: Type.String(),
  address: Type.String(),
  city: Type.String(),
  country: Type.String(),
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
  time_zone: Type.String(),
  created_at: Time,
})
export type Venue = Static<typeof Venue>

/* charts */

export const ChartCategorySummary = Type.Object({
  name: Type.String(),
  color: Type.String(),
  seat_count: Type.Integer(),
})
export type ChartCategorySummary = Static<typeof ChartCategorySummary>

export const ChartCreated = Type.Object({
  id: Id,
  seat_count: Type.Integer(),
  categories: Type.Array(ChartCategorySummary),
  name: Type.String(),
  venue_id: Id,
  geometry_url: Type.String(),
})
export type ChartCreated = Static<typeof ChartCreated>

export const ChartSummary = Type.Object({ ...ChartCreated.properties, format: Type.String(), created_at: Time })
export type ChartSummary = Static<typeof ChartSummary>

export const ChartSeat = Type.Object({
  id: Type.String(),
  label: Type.String(),
  section: Type.String(),
  row: Type.String(),
  number: Type.String(),
  category: Type.String(),
  accessible: Type.Boolean(),
  obstructed: Type.Boolean(),
})
export type ChartSeat = Static<typeof ChartSeat>

/** The document as it was sent, with our reading of its seats in seat-number order. */
export const ChartDetail = Type.Object({
  ...ChartSummary.properties,
  seats: Type.Array(ChartSeat),
  document: Type.Unknown(),
})
export type ChartDetail = Static<typeof ChartDetail>

/* tiers */

export const TierInput = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    price: Money,
    categories: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        minItems: 1,
        maxItems: 200,
        uniqueItems: true,
        description: 'Names of the chart’s categories: a seated tier',
      }),
    ),
    quantity: Type.Optional(Type.Integer({ description: 'A general-admission quantity: tickets without seats' })),
    sale_start: Type.Optional(Time),
    sale_end: Type.Optional(
      Nullable(
        Type.String({
          format: 'date-time',
          maxLength: 40,
          description: 'null: until the performance starts, also when it is moved',
        }),
      ),
    ),
    min_per_order: Type.Optional(Type.Integer()),
    max_per_order: Type.Optional(Type.Integer()),
    max_per_person: Type.Optional(Nullable(Type.Integer())),
  },
  closed,
)
export type TierInput = Static<typeof TierInput>

/** What is absent stays as it is. */
export const TierChange = Type.Object(
  {
    name: Type.Optional(TierInput.properties.name),
    price: Type.Optional(Money),
    categories: TierInput.properties.categories,
    quantity: TierInput.properties.quantity,
    sale_start: TierInput.properties.sale_start,
    sale_end: TierInput.properties.sale_end,
    min_per_order: TierInput.properties.min_per_order,
    max_per_order: TierInput.properties.max_per_order,
    max_per_person: TierInput.properties.max_per_person,
  },
  { ...closed, minProperties: 1 },
)
export type TierChange = Static<typeof TierChange>

export const Tier = Type.Object({
  id: Id,
  performance_id: Id,
  name: Type.String(),
  price: Money,
  categories: Nullable(Type.Array(Type.String())),
  quantity: Nullable(Type.Integer()),
  sale_start: Time,
  sale_end: Time,
  min_per_order: Type.Integer(),
  max_per_order: Type.Integer(),
  max_per_person: Nullable(Type.Integer()),
  published: Type.Boolean(),
})
export type Tier = Static<typeof Tier>

/* performances */

export const PerformanceInput = Type.Object(
  {
    chart_id: Type.Optional(Nullable(Id)),
    start_time: Time,
    end_time: Time,
    doors_time: Type.Optional(Nullable(Time)),
  },
  closed,
)
export type PerformanceInput = Static<typeof PerformanceInput>

const Status = Type.Union([Type.Literal('draft'), Type.Literal('published'), Type.Literal('cancelled')])
export const EventStatus = Type.Union([
  Type.Literal('draft'),
  Type.Literal('published'),
  Type.Literal('cancelled'),
  Type.Literal('completed'),
])
export type EventStatus = Static<typeof EventStatus>

export const Performance = Type.Object({
  id: Id,
  event_id: Id,
  chart_id: Nullable(Id),
  geometry_url: Nullable(Type.String()),
  start_time: Time,
  end_time: Time,
  doors_time: Nullable(Time),
  time_zone: Type.String(),
  status: Status,
  tiers: Type.Array(Tier),
})
export type Performance = Static<typeof Performance>

/* events */

export const RefundStep = Type.Object({ hours_before: Type.Number(), percent: Type.Number() }, closed)

const RefundPolicy = Type.Array(RefundStep, { minItems: 1, maxItems: 20 })

export const EventInput = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.String({ maxLength: 20_000, description: 'Plain text, never HTML' })),
    genre: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
    venue_id: Id,
    currency: Type.String({ maxLength: 10, description: 'ISO 4217' }),
    organization_id: Type.Optional(Id),
    refund_policy: Type.Optional(RefundPolicy),
  },
  closed,
)
export type EventInput = Static<typeof EventInput>

/** What is absent stays as it is. */
export const EventChange = Type.Object(
  {
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    description: Type.Optional(Type.String({ maxLength: 20_000 })),
    genre: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
    venue_id: Type.Optional(Id),
    currency: Type.Optional(Type.String({ maxLength: 10 })),
    refund_policy: Type.Optional(RefundPolicy),
  },
  { ...closed, minProperties: 1 },
)
export type EventChange = Static<typeof EventChange>

export const Organizer = Type.Object({ id: Id, name: Type.String() })

const eventHead = {
  id: Id,
  title: Type.String(),
  description: Type.String(),
  genre: Type.String(),
  currency: Type.String(),
  status: EventStatus,
  refund_policy: Type.Array(Type.Object({ hours_before: Type.Number(), percent: Type.Number() })),
  organization_id: Id,
  organizer: Organizer,
  venue: Venue,
  published_at: Nullable(Time),
  created_at: Time,
}

export const EventHead = Type.Object(eventHead)
export type EventHead = Static<typeof EventHead>

const EventCancellation = Type.Object({
  cancelled_at: Time,
  ended_performance_ids: Type.Array(Id, {
    description:
      'Performances that had ended before and are not cancelled: their tickets and payments stay as they are',
  }),
})

export const Event = Type.Object({
  ...eventHead,
  cancellation: Nullable(EventCancellation),
  performances: Type.Array(Performance),
})
export type Event = Static<typeof Event>

/** For the seats page: one performance with all that its event says of it. */
export const PerformanceDetail = Type.Object({ ...Performance.properties, event: EventHead })
export type PerformanceDetail = Static<typeof PerformanceDetail>

/** Nothing here stops the sale; an organizer wants to know it. */
const PublishWarning = Type.Object({ pointer: Type.String(), detail: Type.String() })

export const Published = Type.Object({ ...Event.properties, warnings: Type.Array(PublishWarning) })
export type Published = Static<typeof Published>

/** Enough for a card in a list. `next_performance` is the first that matches the filters. */
export const EventListItem = Type.Object({
  id: Id,
  title: Type.String(),
  genre: Type.String(),
  currency: Type.String(),
  status: EventStatus,
  organization_id: Id,
  organizer: Organizer,
  venue: Type.Object({
    id: Id,
    name: Type.String(),
    city: Type.String(),
    country: Type.String(),
    time_zone: Type.String(),
    latitude: Nullable(Type.Number()),
    longitude: Nullable(Type.Number()),
  }),
  next_performance: Nullable(
    Type.Object({ id: Id, start_time: Time, end_time: Time, doors_time: Nullable(Time), status: Status }),
  ),
  performance_count: Type.Integer(),
  from_price: Nullable(Money),
  sale_start: Nullable(Time),
  sale_end: Nullable(Time),
})
export type EventListItem = Static<typeof EventListItem>

export const EventSort = Type.Union([
  Type.Literal('date'),
  Type.Literal('-date'),
  Type.Literal('newest'),
  Type.Literal('title'),
  Type.Literal('price'),
])
export type EventSort = Static<typeof EventSort>

/** PostgreSQL has no text with NUL in it, so nothing can match. */
const Word = (maxLength: number) => Type.String({ maxLength, pattern: '^[^\\u0000]*$' })

export const EventFilter = {
  genre: Type.Optional(Word(50)),
  city: Type.Optional(Word(100)),
  date_from: Type.Optional(
    Type.Union([Day, Time], {
      description:
        'A day in the venue’s time zone, or a time. What lasts longer than a day is found on each of its days',
    }),
  ),
  date_to: Type.Optional(Type.Union([Day, Time], { description: 'A day, included, or a time' })),
  sort: Type.Optional(EventSort),
  organization_id: Type.Optional(Word(64)),
}
