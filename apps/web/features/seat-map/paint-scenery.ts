/** All that stands still and cannot be bought: stage, shapes, tables, standing areas, texts, row labels. */
import type { Outline } from '@tessera/contracts/seat-map/chart'
import { centerOf, outlineBox } from '@tessera/contracts/seat-map/focus'
import type { Box, Point } from './camera.ts'
import type { MapScene, Placement } from './map-scene.ts'
import { cssOf, mix } from './map-theme.ts'
import type { RowMark } from './row-marks.ts'
import type { Steps } from './sliced-painter.ts'

const TAU = Math.PI * 2
/** Smaller text on the map is none. CSS pixels. */
const TEXT_PX_MIN = 10
/** Against a seat, which is 1. */
const SHAPE_WEIGHT = 10
const TEXT_WEIGHT = 4

export function* paintScenery(context: CanvasRenderingContext2D, scene: MapScene, place: Placement, box: Box): Steps {
  const { geometry, theme } = scene
  for (const shape of geometry.shapes) {
    if (!meets(shape.outline, box)) continue
    yield SHAPE_WEIGHT
    if (shape.kind === 'stage') {
      paintStage(context, scene, shape.outline, shape.label, place)
      continue
    }
    const ground = shape.color === null ? null : mix(theme.colorOf(shape.color), theme.paper, 0.72)
    context.fillStyle = ground === null ? theme.line_2 : cssOf(ground)
    context.strokeStyle = shape.border_color === null ? theme.line : softened(scene, shape.border_color, 0.4)
    context.lineWidth = place.dpr
    fillAndStroke(context, shape.outline, place)
    if (shape.label === '') continue
    const ink = ground === null ? theme.ink : theme.textOn(ground)
    paintLabel(context, scene, shape.label, shape.outline, place, ink)
  }
  for (const area of geometry.areas) {
    if (!meets(area.outline, box)) continue
    yield SHAPE_WEIGHT
    const color = scene.colors[area.category] ?? [128, 128, 128]
    context.fillStyle = cssOf(color, 0.14)
    context.strokeStyle = cssOf(color, 0.7)
    context.lineWidth = 1.5 * place.dpr
    fillAndStroke(context, area.outline, place)
    paintLabel(context, scene, area.name, area.outline, place, theme.ink)
  }
  yield* paintTables(context, scene, place, box)
}

function* paintTables(context: CanvasRenderingContext2D, scene: MapScene, place: Placement, box: Box): Steps {
  const { theme, geometry } = scene
  for (const row of geometry.rows) {
    if (row.table === null || !meets(row.table, box)) continue
    yield SHAPE_WEIGHT
    context.fillStyle = theme.surface
    context.strokeStyle = theme.line
    context.lineWidth = place.dpr
    fillAndStroke(context, row.table, place)
    paintLabel(context, scene, row.label, row.table, place, theme.ink_2)
  }
}

function paintStage(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  outline: Outline,
  label: string,
  place: Placement,
): void {
  const { theme } = scene
  context.fillStyle = theme.line_2
  context.strokeStyle = theme.stage
  context.lineJoin = 'round'
  context.lineWidth = Math.max(1.2 * place.dpr, Math.min(2.6 * place.scale, 2.6 * place.dpr))
  fillAndStroke(context, outline, place)
  paintLabel(context, scene, label.toUpperCase(), outline, place, theme.ink_2, 2)
}

function paintLabel(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  label: string,
  outline: Outline,
  { scale, dx, dy, dpr }: Placement,
  color: string,
  spacing = 0,
): void {
  const box = outlineBox(outline)
  const width = (box.right - box.left) * scale
  const size = Math.min(14 * dpr, Math.max((box.bottom - box.top) * scale * 0.34, 9 * dpr))
  context.font = `600 ${size.toFixed(1)}px ${scene.theme.font}`
  context.letterSpacing = `${spacing * dpr}px`
  if (context.measureText(label).width < width - 6 * dpr) {
    const center = centerOf(outline)
    context.fillStyle = color
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillText(label, center.x * scale + dx, center.y * scale + dy)
  }
  context.letterSpacing = '0px'
}

/** Texts the chart itself carries. They keep to the chart's scale within what can be read. */
export function* paintTexts(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  { scale, dx, dy, dpr }: Placement,
  box: Box,
): Steps {
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const text of scene.geometry.texts) {
    const natural = (text.size || 0.8 * scene.geometry.pitch) * scale
    if (natural < 6 * dpr) continue
    const size = Math.min(Math.max(natural, TEXT_PX_MIN * dpr), 18 * dpr)
    if (!isNear(text, reachOf(text.text, size) / scale, box)) continue
    context.font = `600 ${size.toFixed(1)}px ${scene.theme.font}`
    context.fillStyle = text.color === null ? scene.theme.ink_2 : scene.theme.textColorOf(text.color)
    context.save()
    context.translate(text.x * scale + dx, text.y * scale + dy)
    context.rotate((text.rotation * Math.PI) / 180)
    context.fillText(text.text, 0, 0)
    context.restore()
    yield TEXT_WEIGHT
  }
}

/** Rows are named at their ends once there is room to read it. */
export function* paintRowMarks(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  marks: readonly RowMark[],
  { scale, dx, dy, dpr }: Placement,
  box: Box,
): Steps {
  const size = Math.min(Math.max(scene.geometry.pitch * scale * 0.5, TEXT_PX_MIN * dpr), 13 * dpr)
  context.font = `500 ${size.toFixed(1)}px ${scene.theme.font}`
  context.fillStyle = scene.theme.ink_2
  context.textBaseline = 'middle'
  for (const { x, y, label, align } of marks) {
    if (!isNear({ x, y }, reachOf(label, size) / scale, box)) continue
    context.textAlign = align
    context.fillText(label, x * scale + dx, y * scale + dy)
    yield TEXT_WEIGHT
  }
}

export function* paintSectionTitles(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  titles: readonly RowMark[],
  { scale, dx, dy, dpr }: Placement,
  box: Box,
): Steps {
  const natural = scene.geometry.pitch * scale * 0.72
  if (natural < 7 * dpr) return
  const size = Math.min(Math.max(natural, TEXT_PX_MIN * dpr), 16 * dpr)
  context.font = `600 ${size.toFixed(1)}px ${scene.theme.font}`
  context.fillStyle = scene.theme.ink_2
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const { x, y, label } of titles) {
    if (!isNear({ x, y }, reachOf(label, size) / scale, box)) continue
    context.fillText(label, x * scale + dx, y * scale + dy)
    yield TEXT_WEIGHT
  }
}

/** Chart colours are meant for white paper and full of themselves; as a ground under seats they must step back. */
function softened(scene: MapScene, color: string, part: number): string {
  return cssOf(mix(scene.theme.colorOf(color), scene.theme.paper, part))
}

function fillAndStroke(context: CanvasRenderingContext2D, outline: Outline, place: Placement): void {
  traceOutline(context, outline, place)
  context.fill()
  context.stroke()
}

function traceOutline(context: CanvasRenderingContext2D, outline: Outline, { scale, dx, dy }: Placement): void {
  context.beginPath()
  if (outline.shape === 'polygon') {
    for (const { x, y } of outline.points) context.lineTo(x * scale + dx, y * scale + dy)
    context.closePath()
    return
  }
  const angle = ((outline.rotation ?? 0) * Math.PI) / 180
  const [x, y] = [outline.x * scale + dx, outline.y * scale + dy]
  if (outline.shape === 'ellipse') {
    context.ellipse(x, y, outline.rx * scale, outline.ry * scale, angle, 0, TAU)
    return
  }
  const [across, down] = [outline.width * scale, outline.height * scale]
  const corner = (right: number, below: number) =>
    context.lineTo(
      x + right * Math.cos(angle) - below * Math.sin(angle),
      y + right * Math.sin(angle) + below * Math.cos(angle),
    )
  corner(0, 0)
  corner(across, 0)
  corner(across, down)
  corner(0, down)
  context.closePath()
}

/** No letter is wider than this against its size. */
const LETTER_WIDTH_MAX = 1.5

/** How far words may reach from where they are written, whatever their direction. */
function reachOf(words: string, size: number): number {
  return size * LETTER_WIDTH_MAX * Math.max(words.length, 1)
}

function isNear({ x, y }: Point, reach: number, { left, top, right, bottom }: Box): boolean {
  return x + reach >= left && x - reach <= right && y + reach >= top && y - reach <= bottom
}

function meets(outline: Outline, box: Box): boolean {
  const own = outlineBox(outline)
  return own.left <= box.right && own.right >= box.left && own.top <= box.bottom && own.bottom >= box.top
}
