/**
 * Draws the map. Two canvases: the scene (seats and all that stands still) and the marks above it (what lives), so that
 * a hover never repaints a seat. Frames are painted only when something changed.
 *
 * Main thread a frame, 80,000 seats in 200 sections, 1440×900, headless Chromium with software rendering on two shared,
 * overloaded cores (median · p95 ms): panning over sections 1.6 · 5.6, over all seats as tiles 2.2 · 13, among single
 * seats 0.4 · 4.9; 200 seats changing state 0.5 · 9.5 close by and 3.7 · 17.8 over the whole room. 390×844 at three
 * pixels to the point: 0.9 · 6, 0.9 · 5.6, 1.1 · 6. Painting every seat anew each frame took 52 instead of 2.2.
 */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import type { SeatStates } from '@tessera/contracts/seat-map/seat-state'
import { type Box, type Point, smoothStep, toChart, visibleBox } from './camera.ts'
import { CameraController } from './camera-controller.ts'
import type { GestureAct } from './gesture.ts'
import { boxOf, isSelectable, type MapScene, type Placement, seatRadius, showsSectionsFirst } from './map-scene.ts'
import { readTheme } from './map-theme.ts'
import type { CategoryOffer } from './offers.ts'
import { type Marks, PULSE_MS, paintMarks } from './paint-marks.ts'
import { paintRowMarks, paintScenery, paintSectionTitles, paintTexts } from './paint-scenery.ts'
import { paintSeatDetails, paintSeats } from './paint-seats.ts'
import {
  paintSectionLabels,
  paintSections,
  type SectionSummary,
  sectionPaths,
  summariseSections,
} from './paint-sections.ts'
import { boxOfSection, seatUnder, sectionUnder, TOUCH_HITS_FROM } from './picking.ts'
import { type RowMark, rowMarks, sectionTitles } from './row-marks.ts'
import { type Direction, neighbourOf, seatIndex, seatsIn } from './seat-index.ts'
import { TileCache } from './tiles.ts'

/** Up to here seats are painted one by one each frame, razor-sharp; above, from tiles. */
const DIRECT_SEATS_MAX = 1_600
/** Seats painted into tiles a frame: what a slow phone can do in a third of 50 ms. */
const TILE_SEATS = 250
const FIRST_PAINT_SEATS = 20_000
/** Pixels of pitch: sections fade into seats between these two; from the third on seats can be hit. */
const SECTIONS_UNTIL = 4.5
const SEATS_FROM = 7.5
/** How large a seat is shown when a tap or a key leads to it. */
const COMFORTABLE_PITCH_PX = 30
const ROW_MARKS_FROM = 10.5
const DETAILS_FROM = 12
const PULSES_MAX = 60

export type RendererEvents = {
  /** The pointer is over it. Null: over none. */
  onHover: (seat: number | null) => void
  /** A click or tap on a seat, whatever its state. */
  onPick: (seat: number) => void
}

type Canvases = { root: HTMLElement; scene: HTMLCanvasElement; marks: HTMLCanvasElement }

export class MapRenderer {
  readonly cameraController = new CameraController()
  readonly #canvases: Canvases
  readonly #events: RendererEvents
  readonly #moveListeners = new Set<() => void>()
  readonly #tiles = new TileCache()
  #scene: MapScene
  #paths: Path2D[]
  #rowMarks: RowMark[]
  #titles: RowMark[]
  #summaries: SectionSummary[] = []
  #isSectionsFirst: boolean
  #marks: Marks = { selection: [], highlight: [], hovered: null, focused: null, pulses: new Map() }
  #hoveredSection: number | null = null
  #dpr = 1
  #frame = 0
  #isSceneDirty = true
  #isFirstPaint = true
  #isStill = false
  #areMarksClear = true
  /** Some of the seats in sight had no picture at the last frame. */
  #isPatchy = false

  constructor(
    canvases: Canvases,
    geometry: Geometry,
    states: SeatStates,
    offers: readonly CategoryOffer[],
    events: RendererEvents,
  ) {
    this.#canvases = canvases
    this.#events = events
    const index = seatIndex(geometry)
    const theme = readTheme(canvases.root)
    const colors = offers.map((offer) => theme.colorOf(offer.color))
    this.#scene = { geometry, index, states, offers, theme, colors, radius: seatRadius(geometry) }
    this.#isSectionsFirst = showsSectionsFirst(geometry)
    this.#paths = sectionPaths(geometry)
    this.#rowMarks = rowMarks(geometry, index)
    this.#titles = this.#isSectionsFirst ? [] : sectionTitles(geometry, index)
    this.#summaries = summariseSections(this.#scene)
    this.cameraController.chart(geometry.bounds, geometry.pitch, this.#isSectionsFirst)
  }

  get scene(): MapScene {
    return this.#scene
  }

  get sectionPaths(): readonly Path2D[] {
    return this.#paths
  }

  get summaries(): readonly SectionSummary[] {
    return this.#summaries
  }

  /** Sections, not seats, are what a pointer meets now. */
  get showsSections(): boolean {
    return this.#isSectionsFirst && this.cameraController.pitchPx < (SECTIONS_UNTIL + SEATS_FROM) / 2
  }

  /** Tells whenever the scene was painted anew, as it is each time the camera moved. */
  readonly onMove = (listener: () => void): (() => void) => {
    this.#moveListeners.add(listener)
    return () => this.#moveListeners.delete(listener)
  }

  resize(width: number, height: number, dpr: number): void {
    this.#dpr = dpr
    for (const canvas of [this.#canvases.scene, this.#canvases.marks]) {
      canvas.width = Math.round(width * dpr)
      canvas.height = Math.round(height * dpr)
    }
    this.cameraController.resize({ width, height })
    this.#isFirstPaint = true
    this.repaint()
  }

  setStill(isStill: boolean): void {
    this.#isStill = isStill
    this.cameraController.isStill = isStill
  }

  /** Light became dark, or a brand's colours came. */
  setTheme(): void {
    const theme = readTheme(this.#canvases.root)
    this.#scene = { ...this.#scene, theme, colors: this.#scene.offers.map((offer) => theme.colorOf(offer.color)) }
    this.#respoil()
  }

  setOffers(offers: readonly CategoryOffer[]): void {
    const colors = offers.map((offer) => this.#scene.theme.colorOf(offer.color))
    this.#scene = { ...this.#scene, offers, colors }
    this.#respoil()
  }

  /** `changed`: seat numbers; absent = any. The states object may be the same one, changed in place. */
  setStates(states: SeatStates, changed?: readonly number[]): void {
    this.#scene = { ...this.#scene, states }
    if (changed === undefined) {
      this.#respoil()
      return
    }
    this.#tiles.spoil(this.#scene, changed)
    this.#summaries = summariseSections(this.#scene)
    if (!this.#isStill && !this.showsSections && changed.length <= PULSES_MAX) {
      const now = performance.now()
      const living = [...this.#marks.pulses].filter(([, since]) => now - since < PULSE_MS)
      this.#marks = { ...this.#marks, pulses: new Map([...living, ...changed.map((seat) => [seat, now] as const)]) }
    }
    this.repaint()
  }

  setMarks(marks: Partial<Omit<Marks, 'pulses'>>): void {
    this.#marks = { ...this.#marks, ...marks }
    this.#request()
  }

  get marks(): Marks {
    return this.#marks
  }

  repaint(): void {
    this.#isSceneDirty = true
    this.#request()
  }

  /** One act of a gesture, wheel included. */
  act(act: GestureAct): void {
    if (act.kind === 'tap') this.#tap(act.at, act.again, act.is_touch)
    else if (this.cameraController.act(act, performance.now())) this.repaint()
  }

  /** The pointer moves without a button. */
  point(at: Point | null): void {
    const seat = at === null || this.showsSections ? null : seatUnder(this.#scene, this.cameraController, at, 'mouse')
    const section = at === null || !this.showsSections ? null : sectionUnder(this.#scene, this.cameraController, at)
    if (section !== this.#hoveredSection) {
      this.#hoveredSection = section
      this.repaint()
    }
    if (seat === this.#marks.hovered) return
    this.setMarks({ hovered: seat })
    this.#events.onHover(seat)
  }

  /** For the cursor's shape. */
  isOverTarget(): boolean {
    return (
      this.#hoveredSection !== null || (this.#marks.hovered !== null && isSelectable(this.#scene, this.#marks.hovered))
    )
  }

  /** The next selectable seat in that direction, or the first one to start from. */
  step(direction: Direction): number | null {
    const { geometry, index } = this.#scene
    const isWanted = (seat: number) => isSelectable(this.#scene, seat) || this.#marks.selection.includes(seat)
    const from = this.#marks.focused
    if (from !== null) return neighbourOf(geometry, index, from, direction, isWanted)
    return (
      this.#marks.selection[0] ??
      this.#nearestTo(toChart(this.cameraController.camera, this.cameraController.viewport, this.#middle()), isWanted)
    )
  }

  /** Flies to where these seats can be seen well. */
  showSeats(seats: readonly number[]): void {
    const box = boxOf(this.#scene.geometry, seats)
    if (box === null) return
    const around = this.#scene.geometry.pitch * 6
    const roomy: Box = {
      left: box.left - around,
      top: box.top - around,
      right: box.right + around,
      bottom: box.bottom + around,
    }
    this.cameraController.show(roomy, performance.now())
    this.repaint()
  }

  reveal(seat: number): void {
    const { x, y } = this.#scene.geometry
    this.cameraController.reveal({ x: x[seat] ?? 0, y: y[seat] ?? 0 }, COMFORTABLE_PITCH_PX, performance.now())
    this.repaint()
  }

  /** By a button or a key, from the middle. */
  zoomStep(factor: number): void {
    this.cameraController.zoomStep(factor, performance.now())
    this.repaint()
  }

  goHome(): void {
    this.cameraController.goHome(performance.now())
    this.repaint()
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame)
    this.#tiles.clear()
  }

  #respoil(): void {
    this.#tiles.spoilAll()
    this.#summaries = summariseSections(this.#scene)
    this.repaint()
  }

  #middle(): Point {
    return { x: this.cameraController.viewport.width / 2, y: this.cameraController.viewport.height / 2 }
  }

  #nearestTo({ x, y }: Point, isWanted: (seat: number) => boolean): number | null {
    return this.#scene.index.tree?.neighbors(x, y, 1, Number.POSITIVE_INFINITY, isWanted)[0] ?? null
  }

  #tap(at: Point, again: boolean, isTouch: boolean): void {
    const now = performance.now()
    if (this.showsSections) {
      const section = sectionUnder(this.#scene, this.cameraController, at)
      const box = section === null ? null : boxOfSection(this.#scene.geometry, section)
      if (box !== null) this.cameraController.show(box, now, SEATS_FROM + 2)
      else if (again) this.cameraController.zoomStep(2.2, now, at)
      this.repaint()
      return
    }
    const seat = seatUnder(this.#scene, this.cameraController, at, isTouch ? 'touch' : 'mouse')
    if (seat !== null) this.#events.onPick(seat)
    else if (again || (isTouch && this.cameraController.pitchPx < TOUCH_HITS_FROM)) {
      this.cameraController.zoomStep(again ? 2.2 : COMFORTABLE_PITCH_PX / this.cameraController.pitchPx, now, at)
      this.repaint()
    }
  }

  #request(): void {
    this.#frame ||= requestAnimationFrame((now) => this.#paint(now))
  }

  #paint(now: number): void {
    this.#frame = 0
    const wasMoving = this.cameraController.isMoving
    if (wasMoving) this.cameraController.tick(now)
    let isWaiting = false
    if (this.#isSceneDirty || wasMoving) {
      this.#isSceneDirty = false
      isWaiting = this.#paintScene()
      for (const listener of this.#moveListeners) listener()
    }
    this.#paintMarks(now)
    const isLively = [...this.#marks.pulses.values()].some((since) => now - since < PULSE_MS)
    if (isWaiting) this.repaint()
    else if (this.cameraController.isMoving || isLively) this.#request()
  }

  #place(): Placement {
    const { camera, viewport } = this.cameraController
    const scale = camera.scale * this.#dpr
    return {
      scale,
      dx: (viewport.width / 2) * this.#dpr - camera.x * scale,
      dy: (viewport.height / 2) * this.#dpr - camera.y * scale,
      dpr: this.#dpr,
    }
  }

  /** True when tiles are still to come. */
  #paintScene(): boolean {
    const context = this.#canvases.scene.getContext('2d')
    if (context === null) return false
    const scene = this.#scene
    const place = this.#place()
    const { pitchPx } = this.cameraController
    const box = visibleBox(this.cameraController.camera, this.cameraController.viewport, scene.radius * place.scale)
    context.clearRect(0, 0, this.#canvases.scene.width, this.#canvases.scene.height)
    paintScenery(context, scene, place, box)
    const seatsAlpha = this.#isSectionsFirst ? smoothStep(pitchPx, SECTIONS_UNTIL, SEATS_FROM) : 1
    // Where seats have no picture yet, their sections stay.
    const sectionsAlpha = this.#isSectionsFirst ? Math.max(1 - seatsAlpha, this.#isPatchy ? 0.5 : 0) : 0
    if (sectionsAlpha > 0) {
      paintSections(context, scene, this.#paths, this.#summaries, place, sectionsAlpha, this.#hoveredSection)
    }
    let isWaiting = false
    if (seatsAlpha > 0) {
      context.globalAlpha = seatsAlpha
      isWaiting = this.#paintSeats(context, place, box)
      context.globalAlpha = 1
    }
    this.#isPatchy = isWaiting
    // Only what is seen at once is worth a long frame, and a large room opens with its sections.
    this.#isFirstPaint = false
    if (pitchPx >= ROW_MARKS_FROM) paintRowMarks(context, scene, this.#rowMarks, place, box)
    paintTexts(context, scene, place)
    paintSectionTitles(context, scene, this.#titles, place)
    if (seatsAlpha < 1) paintSectionLabels(context, scene, this.#summaries, place, 1 - seatsAlpha)
    return isWaiting
  }

  #paintSeats(context: CanvasRenderingContext2D, place: Placement, box: Box): boolean {
    const scene = this.#scene
    const { width, height } = this.cameraController.viewport
    const atMost = Math.min(scene.geometry.count, (width * height) / (0.6 * this.cameraController.pitchPx ** 2))
    const seats = atMost < 4 * DIRECT_SEATS_MAX ? seatsIn(scene.index, box) : null
    if (seats === null || seats.length > DIRECT_SEATS_MAX) {
      const budget = this.#isFirstPaint ? FIRST_PAINT_SEATS : TILE_SEATS
      return this.#tiles.paint(context, scene, place, box, budget)
    }
    paintSeats(context, scene, seats, place)
    if (this.cameraController.pitchPx >= DETAILS_FROM) paintSeatDetails(context, scene, seats, place)
    return false
  }

  #paintMarks(now: number): void {
    const { marks } = this.#canvases
    const context = marks.getContext('2d')
    if (context === null) return
    // An untouched canvas costs a frame nothing; one that was cleared is copied to the screen anew.
    const { selection, highlight, hovered, focused, pulses } = this.#marks
    const isEmpty = selection.length + highlight.length + pulses.size === 0 && hovered === null && focused === null
    if (isEmpty && this.#areMarksClear) return
    this.#areMarksClear = isEmpty
    context.clearRect(0, 0, marks.width, marks.height)
    paintMarks(context, this.#scene, this.#marks, this.#place(), now)
  }
}
