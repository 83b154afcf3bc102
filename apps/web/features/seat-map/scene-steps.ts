/** Pictures of the scene, tile by tile and step by step, so that a frame can stop after any of them. */
import { type Box, smoothStep } from './camera.ts'
import { placementOf, type View } from './layer.ts'
import type { MapScene, Placement } from './map-scene.ts'
import { paintRowMarks, paintScenery, paintSectionTitles, paintTexts } from './paint-scenery.ts'
import { paintSeatDetails, paintSeats } from './paint-seats.ts'
import {
  paintSectionLabels,
  paintSections,
  placeSectionLabels,
  type SectionLabel,
  type SectionShape,
  type SectionSummary,
} from './paint-sections.ts'
import type { RowMark } from './row-marks.ts'
import type { PaintTile, Steps } from './sliced-painter.ts'
import { boxOfTile } from './tiles.ts'

/** Pixels of pitch: sections fade into seats between these two; from the second on seats can be hit. */
export const SECTIONS_UNTIL = 4.5
export const SEATS_FROM = 7.5
const ROW_MARKS_FROM = 10.5
const DETAILS_FROM = 12
/** Seats in a step, without and with what is worth seeing close by. */
const SEATS_STEP = 100
const DETAILED_STEP = 4
/** Seats that a step reads at most, seen or not. */
const READ_STEP = 1_000
/** A number in a seat takes as long as so many discs. */
const DETAIL_WEIGHT = 3
/** Borders, and the labels of shapes that are lower than their letters. CSS pixels. */
const MARGIN_PX = 16

export type ScenePainting = {
  scene: MapScene
  sections: readonly SectionShape[]
  summaries: readonly SectionSummary[]
  row_marks: readonly RowMark[]
  titles: readonly RowMark[]
  is_sections_first: boolean
  hovered_section: number | null
}

/** Paints the tiles of one picture. */
export function scenePainter(painting: ScenePainting, view: View): PaintTile {
  const { scene, summaries, is_sections_first } = painting
  const place = placementOf(view)
  const pitch_px = scene.geometry.pitch * view.camera.scale
  const seats_alpha = is_sections_first ? smoothStep(pitch_px, SECTIONS_UNTIL, SEATS_FROM) : 1
  const paintRoom = roomPainter(painting, view, 1 - seats_alpha)
  // Placed once for all tiles: a label may be in two of them.
  let labels: readonly SectionLabel[] | null = null
  return function* paintTile(context, tile) {
    const box = boxOfTile(tile, place, marginOf(scene, place))
    yield* paintRoom(context, tile)
    if (seats_alpha > 0) {
      context.globalAlpha = seats_alpha
      yield* seatSteps(context, scene, place, box, pitch_px >= DETAILS_FROM)
      context.globalAlpha = 1
    }
    if (pitch_px >= ROW_MARKS_FROM) yield* paintRowMarks(context, scene, painting.row_marks, place, box)
    yield* paintTexts(context, scene, place, box)
    yield* paintSectionTitles(context, scene, painting.titles, place, box)
    if (seats_alpha === 1) return
    labels ??= placeSectionLabels(context, scene, painting.sections, summaries, place)
    yield* paintSectionLabels(context, scene, labels, tile, 1 - seats_alpha)
  }
}

/** All but seats and words: what lies under a picture that the camera has moved away from. */
export function roomPainter(
  { scene, sections, summaries, hovered_section }: ScenePainting,
  view: View,
  sections_alpha = 1,
): PaintTile {
  const place = placementOf(view)
  return function* paintTile(context, tile) {
    const box = boxOfTile(tile, place, marginOf(scene, place))
    context.fillStyle = scene.theme.paper_css
    context.fillRect(tile.left - 1, tile.top - 1, tile.width + 2, tile.height + 2)
    yield* paintScenery(context, scene, place, box)
    if (sections_alpha === 0) return
    yield* paintSections(context, scene, sections, summaries, place, box, sections_alpha, hovered_section)
  }
}

/** How far beyond a tile things may begin that reach into it, words excepted. Canvas pixels. */
function marginOf({ radius }: MapScene, { scale, dpr }: Placement): number {
  return Math.max(radius * scale * 1.2, MARGIN_PX * dpr)
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
