/** Where everybody looks. Charts seldom say it outright, so we ask in turn, from the surest sign to the safest guess. */
import type { Chart, Outline } from './chart.ts'

const stageWords =
  /\b(stage|screen|podium|pitch|b(ü|ue)hne|leinwand|sc[eè]ne|escenario|palcoscenico|toneel|scena)\b|сцена|экран|舞台|मंच/i

/**
 * 1. a shape of kind "stage" · 2. a shape or text that says "stage" in one of several tongues · 3. the largest figure
 * that stands free in the midst of the seats (a pitch, a ring) · 4. above the front row, in the middle.
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

function front(chart: Chart): { x: number; y: number } {
  const box = seatBox(chart)
  return { x: (box.left + box.right) / 2, y: box.top }
}

function clearing(chart: Chart): { x: number; y: number } | null {
  const house = seatBox(chart)
  let best: { x: number; y: number } | null = null
  let bestArea = 0.02 * (house.right - house.left) * (house.bottom - house.top)
  for (const { outline } of chart.shapes) {
    const box = outlineBox(outline)
    const area = (box.right - box.left) * (box.bottom - box.top)
    const center = centerOf(outline)
    const inside = center.x > house.left && center.x < house.right && center.y > house.top && center.y < house.bottom
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
