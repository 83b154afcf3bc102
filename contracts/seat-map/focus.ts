/** Where everybody looks. Charts seldom say it outright, so we ask in turn, from the surest sign to the safest guess. */
import type { Chart, ChartSeat, Outline } from './chart.ts'

const stageWords =
  /\b(stage|screen|podium|pitch|b(ü|ue)hne|leinwand|sc[eè]ne|escenario|palcoscenico|toneel|scena)\b|сцена|экран|舞台|मंच/i

/**
 * 1. a shape of kind "stage" · 2. a shape or text that says "stage" in one of several tongues · 3. the largest figure
 * that stands free in the midst of the seats (a pitch, a ring) · 4. before the middle of the front
 * row, which is where the row names begin to count, else the topmost.
 */
export function findFocus(chart: Chart): { x: number; y: number } {
  const stage = chart.shapes.find((shape) => shape.kind === 'stage')
  if (stage !== undefined) return centerOf(stage.outline)
  const named = chart.shapes.find((shape) => stageWords.test(shape.label))
  if (named !== undefined) return centerOf(named.outline)
  const text = chart.texts.find((candidate) => stageWords.test(candidate.text))
  if (text !== undefined) return { x: text.x, y: text.y }
  return clearing(chart) ?? front(chart)
}

/** Rows are named from the stage outwards: where A, B, C or 1, 2, 3 lead away from is the front. */
function front(chart: Chart): { x: number; y: number } {
  const box = seatBox(chart)
  const [across, down] = [trend(chart, (seat) => seat.x), trend(chart, (seat) => seat.y)]
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }
  if (Math.abs(across) > SURE_TREND && Math.abs(across) > Math.abs(down)) {
    return { x: across > 0 ? box.left : box.right, y: middle.y }
  }
  return { x: middle.x, y: down < -SURE_TREND ? box.bottom : box.top }
}

/** Correlation from which the row names are taken at their word. */
const SURE_TREND = 0.5

/** How the rows' rank goes along with their place, each section on its own: -1 … 1. */
function trend(chart: Chart, placeOf: (seat: ChartSeat) => number): number {
  let [both, ranks, places] = [0, 0, 0]
  const sections: { rank: number; place: number }[][] = chart.sections.map(() => [])
  chart.rows.forEach((row, n) => {
    const seats = chart.seats.slice(row.first, row.first + row.count)
    const place = seats.reduce((sum, seat) => sum + placeOf(seat), 0) / seats.length
    sections[row.section]?.push({ rank: rankOf(row.label) ?? n, place })
  })
  for (const rows of sections) {
    const meanRank = rows.reduce((sum, row) => sum + row.rank, 0) / rows.length
    const meanPlace = rows.reduce((sum, row) => sum + row.place, 0) / rows.length
    for (const { rank, place } of rows) {
      both += (rank - meanRank) * (place - meanPlace)
      ranks += (rank - meanRank) ** 2
      places += (place - meanPlace) ** 2
    }
  }
  return ranks === 0 || places === 0 ? 0 : both / Math.sqrt(ranks * places)
}

/** 12 → 12, A → 1, Z → 26, AA → 27; anything else has no rank of its own. */
function rankOf(label: string): number | null {
  if (/^\d{1,6}$/.test(label)) return Number(label)
  if (!/^[A-Za-z]{1,2}$/.test(label)) return null
  return Array.from(label.toUpperCase()).reduce((rank, letter) => rank * 26 + letter.charCodeAt(0) - 64, 0)
}

function clearing(chart: Chart): { x: number; y: number } | null {
  const hall = seatBox(chart)
  let best: { x: number; y: number } | null = null
  let bestArea = 0.02 * (hall.right - hall.left) * (hall.bottom - hall.top)
  for (const { outline } of chart.shapes) {
    const box = outlineBox(outline)
    const area = (box.right - box.left) * (box.bottom - box.top)
    const center = centerOf(outline)
    const inside = center.x > hall.left && center.x < hall.right && center.y > hall.top && center.y < hall.bottom
    if (!inside || area <= bestArea) continue
    const holdsSeats = chart.seats.some(
      (seat) => seat.x > box.left && seat.x < box.right && seat.y > box.top && seat.y < box.bottom,
    )
    if (holdsSeats) continue
    best = center
    bestArea = area
  }
  return best
}

export type Box = { left: number; top: number; right: number; bottom: number }

function seatBox(chart: Chart): Box {
  const box = emptyBox()
  for (const seat of chart.seats) grow(box, seat.x, seat.y)
  return chart.seats.length === 0 ? { left: 0, top: 0, right: chart.width, bottom: chart.height } : box
}

/** The smallest upright box round an outline. */
export function outlineBox(outline: Outline): Box {
  const box = emptyBox()
  if (outline.shape === 'polygon') for (const point of outline.points) grow(box, point.x, point.y)
  if (outline.shape === 'ellipse') {
    const reach = outline.rotation ? Math.max(outline.rx, outline.ry) : 0
    grow(box, outline.x - (reach || outline.rx), outline.y - (reach || outline.ry))
    grow(box, outline.x + (reach || outline.rx), outline.y + (reach || outline.ry))
  }
  if (outline.shape === 'rectangle') {
    const angle = ((outline.rotation ?? 0) * Math.PI) / 180
    for (const across of [0, outline.width]) {
      for (const down of [0, outline.height]) {
        grow(
          box,
          outline.x + across * Math.cos(angle) - down * Math.sin(angle),
          outline.y + across * Math.sin(angle) + down * Math.cos(angle),
        )
      }
    }
  }
  return box
}

export function centerOf(outline: Outline): { x: number; y: number } {
  const box = outlineBox(outline)
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }
}

function emptyBox(): Box {
  return {
    left: Number.POSITIVE_INFINITY,
    top: Number.POSITIVE_INFINITY,
    right: Number.NEGATIVE_INFINITY,
    bottom: Number.NEGATIVE_INFINITY,
  }
}

function grow(box: Box, x: number, y: number): void {
  box.left = Math.min(box.left, x)
  box.top = Math.min(box.top, y)
  box.right = Math.max(box.right, x)
  box.bottom = Math.max(box.bottom, y)
}
