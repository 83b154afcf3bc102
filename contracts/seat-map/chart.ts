/**
 * The seating chart: what an organizer draws or imports, and what the rest of the product reads.
 *
 * Two forms. `TesseraChart` is the document (format "tessera-chart/1"): nested, by name, written by people and tools.
 * `Chart` is what `normaliseChart` makes of any accepted document: flat, by number. A seat's number is its place in
 * document order, 0..n-1, and is the same in bitmaps, deltas, arrays and the geometry document permanently.
 */
import { type Static, Type } from 'typebox'

/** Every limit a chart is held to. Text lengths are in UTF-16 code units, coordinates in the chart's own units. */
export const chartLimits = {
  seats: 80_000,
  sections: 2_000,
  rows: 40_000,
  categories: 200,
  areas: 500,
  shapes: 5_000,
  texts: 5_000,
  polygon_points: 2_000,
  id_length: 128,
  name_length: 200,
  label_length: 80,
  text_length: 500,
  coordinate: 1_000_000,
  capacity: 1_000_000,
  errors: 250,
} as const

const Name = Type.String({ minLength: 1, maxLength: chartLimits.name_length })
const Label = Type.String({ maxLength: chartLimits.label_length })
const SeatId = Type.String({ minLength: 1, maxLength: chartLimits.id_length, description: 'Unique in the chart' })
const Color = Type.String({ pattern: '^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$' })
const Coordinate = Type.Number({ minimum: -chartLimits.coordinate, maximum: chartLimits.coordinate })
const Extent = Type.Number({ exclusiveMinimum: 0, maximum: 2 * chartLimits.coordinate })
const Degrees = Type.Number({ minimum: -360, maximum: 360, description: 'Clockwise, about x, y' })

export const Outline = Type.Union([
  Type.Object({
    shape: Type.Literal('rectangle'),
    x: Coordinate,
    y: Coordinate,
    width: Extent,
    height: Extent,
    rotation: Type.Optional(Degrees),
  }),
  Type.Object({
    shape: Type.Literal('ellipse'),
    x: Coordinate,
    y: Coordinate,
    rx: Extent,
    ry: Extent,
    rotation: Type.Optional(Degrees),
  }),
  Type.Object({
    shape: Type.Literal('polygon'),
    points: Type.Array(Type.Object({ x: Coordinate, y: Coordinate }), {
      minItems: 3,
      maxItems: chartLimits.polygon_points,
    }),
  }),
])
/** A closed figure. x, y is a rectangle's corner and an ellipse's centre. */
export type Outline = Static<typeof Outline>

const SeatDocument = Type.Object({
  id: SeatId,
  label: Label,
  x: Coordinate,
  y: Coordinate,
  radius: Type.Optional(Extent),
  category: Type.String({ description: 'The name of one of the categories' }),
  accessible: Type.Optional(Type.Boolean({ description: 'A wheelchair place, or reached without a step' })),
  obstructed: Type.Optional(Type.Boolean({ description: 'Restricted view' })),
  companion_of: Type.Optional(
    Type.String({ maxLength: chartLimits.id_length, description: 'Id of the accessible seat it belongs to' }),
  ),
})

const LabelTemplate = Type.String({
  maxLength: chartLimits.label_length,
  description: 'How the label is spoken; %s stands for the label: "Reihe %s"',
})

const RowDocument = Type.Object({
  label: Label,
  row_label: Type.Optional(LabelTemplate),
  seat_label: Type.Optional(LabelTemplate),
  seats: Type.Array(SeatDocument),
})

const TableDocument = Type.Object({
  label: Label,
  row_label: Type.Optional(LabelTemplate),
  seat_label: Type.Optional(LabelTemplate),
  outline: Outline,
  seats: Type.Array(SeatDocument),
})

const SectionDocument = Type.Object({
  name: Type.String({ maxLength: chartLimits.name_length }),
  rows: Type.Optional(Type.Array(RowDocument)),
  tables: Type.Optional(Type.Array(TableDocument)),
})

const AreaDocument = Type.Object({
  id: SeatId,
  name: Name,
  category: Type.String(),
  capacity: Type.Integer({ minimum: 1, maximum: chartLimits.capacity }),
  outline: Outline,
})

const ShapeDocument = Type.Object({
  kind: Type.Union([Type.Literal('stage'), Type.Literal('decoration')]),
  outline: Outline,
  label: Type.Optional(Type.String({ maxLength: chartLimits.text_length })),
  color: Type.Optional(Color),
  border_color: Type.Optional(Color),
})

const TextDocument = Type.Object({
  text: Type.String({ maxLength: chartLimits.text_length }),
  x: Coordinate,
  y: Coordinate,
  size: Type.Optional(Extent),
  color: Type.Optional(Color),
  rotation: Type.Optional(Degrees),
})

export const TesseraChart = Type.Object(
  {
    format: Type.Literal('tessera-chart/1'),
    name: Name,
    size: Type.Optional(Type.Object({ width: Extent, height: Extent })),
    categories: Type.Array(Type.Object({ name: Name, color: Type.Optional(Color) }), {
      maxItems: chartLimits.categories,
    }),
    sections: Type.Optional(Type.Array(SectionDocument, { maxItems: chartLimits.sections })),
    areas: Type.Optional(Type.Array(AreaDocument, { maxItems: chartLimits.areas })),
    shapes: Type.Optional(Type.Array(ShapeDocument, { maxItems: chartLimits.shapes })),
    texts: Type.Optional(Type.Array(TextDocument, { maxItems: chartLimits.texts })),
  },
  { $id: 'TesseraChart' },
)
export type TesseraChart = Static<typeof TesseraChart>

export type ChartCategory = { name: string; color: string }

export type ChartSection = { name: string }

/** Seats `first` … `first + count - 1` stand in it. `table` is set when they stand round a table instead of in a line. */
export type ChartRow = {
  section: number
  label: string
  row_label: string | null
  seat_label: string | null
  table: Outline | null
  first: number
  count: number
}

export type ChartSeat = {
  id: string
  section: number
  row: number
  /** For people: "Stalls, row F, seat 12". */
  label: string
  number: string
  x: number
  y: number
  /** 0 = the chart gives none. */
  radius: number
  category: number
  accessible: boolean
  obstructed: boolean
  /** The number of the accessible seat that this one accompanies. */
  companion_of: number | null
}

export type ChartArea = { id: string; name: string; category: number; capacity: number; outline: Outline }

export type ChartShape = {
  kind: 'stage' | 'decoration'
  outline: Outline
  label: string
  color: string | null
  border_color: string | null
}

export type ChartText = {
  text: string
  x: number
  y: number
  /** 0 = the chart gives none. */
  size: number
  color: string | null
  rotation: number
}

export type Chart = {
  name: string
  width: number
  height: number
  categories: ChartCategory[]
  sections: ChartSection[]
  rows: ChartRow[]
  seats: ChartSeat[]
  areas: ChartArea[]
  shapes: ChartShape[]
  texts: ChartText[]
}

/** Where in the refused document, as a JSON Pointer (RFC 6901), and what is wrong there. */
export type ChartError = { pointer: string; detail: string }

export type ChartOutcome = { kind: 'chart'; chart: Chart } | { kind: 'invalid-chart'; errors: ChartError[] }
