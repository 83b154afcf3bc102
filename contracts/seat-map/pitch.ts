import type { Chart } from './chart.ts'

const FALLBACK_PITCH = 20

/** The usual distance from a seat to the next in its row, over the whole chart. Never zero. */
export function seatPitch(chart: Chart): number {
  const gaps: number[] = []
  for (const row of chart.rows) {
    for (let n = row.first + 1; n < row.first + row.count; n += 1) {
      const one = chart.seats[n - 1]
      const two = chart.seats[n]
      if (one === undefined || two === undefined) continue
      const gap = Math.hypot(two.x - one.x, two.y - one.y)
      if (gap > 0) gaps.push(gap)
    }
  }
  if (gaps.length > 0) return median(gaps)
  const radius = chart.seats.find((seat) => seat.radius > 0)?.radius
  return radius === undefined ? FALLBACK_PITCH : radius * 2.4
}

/** The lower median; the list is sorted in place and must not be empty. */
export function median(values: number[]): number {
  values.sort((a, b) => a - b)
  return values[(values.length - 1) >> 1] ?? 0
}
