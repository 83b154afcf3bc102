/** One picture of the scene, step by step, so that a frame can stop after any of them. */
import { type Box, smoothStep, visibleBox } from './camera.ts'
import { placementOf, type View } from './layer.ts'
import type { MapScene, Placement } from './map-scene.ts'
import { paintRowMarks, paintScenery, paintSectionTitles, paintTexts } from './paint-scenery.ts'
import { paintSeatDetails, paintSeats } from './paint-seats.ts'
import { paintSectionLabels, paintSections, type SectionSummary } from './paint-sections.ts'
import type { RowMark } from './row-marks.ts'
import type { Steps } from './sliced-painter.ts'

/** Pixels of pitch: sections fade into seats between these two; from the second on seats can be hit. */
export const SECTIONS_UNTIL = 4.5
export const SEATS_FROM = 7.5
const ROW_MARKS_FROM = 10.5
const DETAILS_FROM = 12
/** Seats in a step, without and with what is worth seeing close by. */
const SEATS_STEP = 100
const DETAILED_STEP = 16
/** Seats that a step reads at most, seen or not. */
const READ_STEP = 1_000
/** A number in a seat takes as long as so many discs. */
const DETAIL_WEIGHT = 3

export type ScenePainting = {
  scene: MapScene
  paths: readonly Path2D[]
  summaries: readonly SectionSummary[]
  row_marks: readonly RowMark[]
  titles: readonly RowMark[]
  is_sections_first: boolean
  hovered_section: number | null
}

export function* sceneSteps(context: CanvasRenderingContext2D, painting: ScenePainting, view: View): Steps {
  const { scene, summaries, is_sections_first } = painting
  const place = placementOf(view)
  const pitch_px = scene.geometry.pitch * view.camera.scale
  const box = visibleBox(view.camera, view.viewport, scene.radius * place.scale)
  const seats_alpha = is_sections_first ? smoothStep(pitch_px, SECTIONS_UNTIL, SEATS_FROM) : 1
  yield* roomSteps(context, painting, view, 1 - seats_alpha)
  if (seats_alpha > 0) {
    context.globalAlpha = seats_alpha
    yield* seatSteps(context, scene, place, box, pitch_px >= DETAILS_FROM)
    context.globalAlpha = 1
  }
  if (pitch_px >= ROW_MARKS_FROM) yield* paintRowMarks(context, scene, painting.row_marks, place, box)
  yield* paintTexts(context, scene, place)
  yield* paintSectionTitles(context, scene, painting.titles, place)
  if (seats_alpha < 1) yield* paintSectionLabels(context, scene, summaries, place, 1 - seats_alpha)
}

/** Reads every seat, a part in a step: a search for many would come in one piece. */
function* seatSteps(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  place: Placement,
  box: Box,
  is_detailed: boolean,
): Steps {
  const { x, y, count } = scene.geometry
  const size = is_detailed ? DETAILED_STEP : SEATS_STEP
  for (let seat = 0; seat < count; ) {
    const seen: number[] = []
    const end = Math.min(seat + READ_STEP, count)
    for (; seat < end && seen.length < size; seat += 1) {
      const [own_x, own_y] = [x[seat] ?? 0, y[seat] ?? 0]
      if (own_x >= box.left && own_x <= box.right && own_y >= box.top && own_y <= box.bottom) seen.push(seat)
    }
    if (seen.length > 0) {
      paintSeats(context, scene, seen, place)
      if (is_detailed) paintSeatDetails(context, scene, seen, place)
    }
    yield 1 + seen.length * (is_detailed ? DETAIL_WEIGHT : 1)
  }
}

/** All but seats and words: what lies under a picture that the camera has moved away from. */
export function* roomSteps(
  context: CanvasRenderingContext2D,
  { scene, paths, summaries, hovered_section }: ScenePainting,
  view: View,
  sections_alpha = 1,
): Steps {
  const place = placementOf(view)
  context.fillStyle = scene.theme.paper_css
  context.fillRect(0, 0, context.canvas.width, context.canvas.height)
  yield* paintScenery(context, scene, place, visibleBox(view.camera, view.viewport))
  if (sections_alpha > 0) {
    yield* paintSections(context, scene, paths, summaries, place, sections_alpha, hovered_section)
  }
}
