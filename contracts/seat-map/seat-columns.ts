/** Seats as columns: what the kernels that look at many seats at once read. A decoded geometry is one of these too. */
import type { Chart } from './chart.ts'
import { floorShifts } from './floors.ts'
import { findFocus } from './focus.ts'
import { seatPitch } from './pitch.ts'
import { seatFlags } from './seat-flags.ts'

export type SeatColumns = {
  count: number
  x: Float32Array
  y: Float32Array
  category: Uint8Array
  /** Bits of `seatFlags`. */
  flags: Uint8Array
  rows: readonly { first: number; count: number; section: number }[]
  /** The usual distance between two neighbours. */
  pitch: number
  /** What everybody looks at: the middle of the stage. */
  focus: { x: number; y: number }
}

/** Floors that a chart draws on top of each other are laid out one below the other. */
export function columnsOf(chart: Chart): SeatColumns {
  const count = chart.seats.length
  const x = new Float32Array(count)
  const y = new Float32Array(count)
  const category = new Uint8Array(count)
  const flags = new Uint8Array(count)
  const pitch = seatPitch(chart)
  const shifts = floorShifts(chart, pitch)
  chart.seats.forEach((seat, n) => {
    x[n] = seat.x
    y[n] = seat.y + (shifts[seat.section] ?? 0)
    category[n] = seat.category
    flags[n] = (seat.accessible ? seatFlags.accessible : 0) | (seat.obstructed ? seatFlags.obstructed : 0)
  })
  return { count, x, y, category, flags, rows: chart.rows, pitch, focus: findFocus(chart) }
}
