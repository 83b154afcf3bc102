/** What the demo's rooms are drawn with. One unit is about 2.5 cm. */
import type { TesseraChart } from '@tessera/contracts/seat-map/chart'

export type Section = NonNullable<TesseraChart['sections']>[number]
export type Row = NonNullable<Section['rows']>[number]
export type Seat = Row['seats'][number]
export type Point = { x: number; y: number }

/** Without I and O, which look like numbers. */
export const ROW_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'

export function seatsIn(section: Section): number {
  return (section.rows ?? []).reduce((sum, row) => sum + row.seats.length, 0)
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** To hundredths of a unit. */
export function tidy({ x, y }: Point): Point {
  return { x: Math.round(x * 100) / 100, y: Math.round(y * 100) / 100 }
}
