/**
 * Draws the map. While the camera moves, the picture that there is follows it, moved and scaled by the compositor; a
 * sharp one is painted behind it in slices (see sliced-painter.ts), so that no frame depends on how many seats are seen.
 * What lives (hover, choice, focus, changes) has a canvas of its own above, so that a hover never repaints a seat.
 */
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import type { SeatStates } from '@tessera/contracts/seat-map/seat-state'
import type { Box, Camera, Point, Viewport } from './camera.ts'
import { CameraController } from './camera-controller.ts'
import type { GestureAct } from './gesture.ts'
import { boxOf, isSelectable, type MapScene, seatRadius, showsSectionsFirst } from './map-scene.ts'
import { readTheme } from './map-theme.ts'
import { MarksLayer } from './marks-layer.ts'
import type { CategoryOffer } from './offers.ts'
import { type Marks, PULSE_MS } from './paint-marks.ts'
import { type SectionShape, type SectionSummary, sectionShapes, summariseSections } from './paint-sections.ts'
import { boxOfSection, seatUnder, sectionUnder, TOUCH_HITS_FROM } from './picking.ts'
import { type RowMark, rowMarks, sectionTitles } from './row-marks.ts'
import { roomPainter, type ScenePainting, SEATS_FROM, SECTIONS_UNTIL, scenePainter } from './scene-steps.ts'
import { seatIndex } from './seat-index.ts'
import { SlicedPainter } from './sliced-painter.ts'

/** How large a seat is shown when a tap or a key leads to it. */
const COMFORTABLE_PITCH_PX = 30
const PULSES_MAX = 60
/** Changes of seats alone are gathered so long before the scene is painted anew; pulses show them at once. */
const STATES_MS = 120
/** The coarse picture of the whole room is not painted anew more often. */
const ROOM_MS = 1_000
/** Its longer side has at most so many pixels: the compositor copies a canvas by its size. */
const ROOM_PX_MAX = 800

export type RendererEvents = {
  /** The pointer is over it. Null: over none. */
  onHover: (seat: number | null) => void
  /** A click or tap on a seat, whatever its state. */
  onPick: (seat: number) => void
}

/** `scene`: what the canvases of the scene are put into. */
type Canvases = { root: HTMLElement; scene: HTMLElement; marks: HTMLCanvasElement }

export class MapRenderer {
  readonly cameraController = new CameraController()
  readonly #canvases: Canvases
  readonly #events: RendererEvents
  readonly #moveListeners = new Set<() => void>()
  readonly #painter: SlicedPainter
  readonly #overlay: MarksLayer
  #scene: MapScene
  #sections: SectionShape[]
  #rowMarks: RowMark[]
  #titles: RowMark[]
  #summaries: SectionSummary[] = []
  #isSectionsFirst: boolean
  #marks: Marks = { selection: [], highlight: [], hovered: null, focused: null, pulses: new Map() }
  #hoveredSection: number | null = null
  #dpr = 1
  #frame = 0
  /** Since when the scene is other than its last picture (began to be); null: it is not. Past: at once. */
  #sceneDueAt: number | null = 0
  #isRoomDirty = true
  #roomPaintedAt = Number.NEGATIVE_INFINITY
  #isStill = false
  #areMarksDirty = true
  /** Dirty since the last frame only. */
  #areMarksNew = false
  #toldCamera: Camera | null = null

  constructor(
    canvases: Canvases,
    geometry: Geometry,
    states: SeatStates,
    offers: readonly CategoryOffer[],
    events: RendererEvents,
  ) {
    this.#canvases = canvases
    this.#painter = new SlicedPainter(canvases.scene)
    this.#overlay = new MarksLayer(canvases.marks)
    this.#events = events
    const index = seatIndex(geometry)
    const theme = readTheme(canvases.root)
    const colors = offers.map((offer) => theme.colorOf(offer.color))
    this.#scene = { geometry, index, states, offers, theme, colors, radius: seatRadius(geometry) }
    this.#isSectionsFirst = showsSectionsFirst(geometry)
    this.#sections = sectionShapes(geometry)
    this.#rowMarks = rowMarks(geometry, index)
    this.#titles = this.#isSectionsFirst ? [] : sectionTitles(geometry, index)
    this.#summaries = summariseSections(this.#scene)
    this.cameraController.chart(geometry.bounds, geometry.pitch)
  }

  get scene(): MapScene {
    return this.#scene
  }

  get sections(): readonly SectionShape[] {
    return this.#sections
  }

  get summaries(): readonly SectionSummary[] {
    return this.#summaries
  }

  /** Sections, not seats, are what a pointer meets now. */
  get showsSections(): boolean {
    return this.#isSectionsFirst && this.cameraController.pitchPx < (SECTIONS_UNTIL + SEATS_FROM) / 2
  }

  /** Tells in the frame in which the camera moved or the scene changed. */
  readonly onMove = (listener: () => void): (() => void) => {
    this.#moveListeners.add(listener)
    return () => this.#moveListeners.delete(listener)
  }

  resize(width: number, height: number, dpr: number): void {
    this.#dpr = dpr
    this.cameraController.resize({ width, height })
    this.#isRoomDirty = true
    this.#areMarksDirty = true
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
    this.#repaintAll()
  }

  setOffers(offers: readonly CategoryOffer[]): void {
    const colors = offers.map((offer) => this.#scene.theme.colorOf(offer.color))
    this.#scene = { ...this.#scene, offers, colors }
    this.#repaintAll()
  }

  /** `changed`: seat numbers; absent = any. The states object may be the same one, changed in place. */
  setStates(states: SeatStates, changed?: readonly number[]): void {
    this.#scene = { ...this.#scene, states }
    if (changed === undefined) {
      this.#repaintAll()
      return
    }
    this.#summaries = summariseSections(this.#scene)
    if (!this.#isStill && !this.showsSections && changed.length <= PULSES_MAX) {
      const now = performance.now()
      const living = [...this.#marks.pulses].filter(([, since]) => now - since < PULSE_MS)
      this.#marks = { ...this.#marks, pulses: new Map([...living, ...changed.map((seat) => [seat, now] as const)]) }
    }
    this.#isRoomDirty = true
    this.#sceneDueAt ??= performance.now() + STATES_MS
    this.#request()
  }

  setMarks(marks: Partial<Omit<Marks, 'pulses'>>): void {
    this.#marks = { ...this.#marks, ...marks }
    this.#areMarksNew = !this.#areMarksDirty
    this.#areMarksDirty = true
    this.#request()
  }

  get marks(): Marks {
    return this.#marks
  }

  repaint(): void {
    this.#sceneDueAt = 0
    this.#toldCamera = null
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
    this.#painter.dispose()
  }

  #repaintAll(): void {
    this.#summaries = summariseSections(this.#scene)
    this.#isRoomDirty = true
    this.#areMarksDirty = true
    this.repaint()
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
    this.cameraController.tick(now)
    const { camera, viewport } = this.cameraController
    this.#startPainting(now, camera, viewport)
    const is_new = this.#painter.paintSlice()
    this.#painter.follow(camera, viewport)
    if (is_new || this.#toldCamera !== camera) for (const listener of this.#moveListeners) listener()
    const is_at_rest = this.#toldCamera === camera
    this.#toldCamera = camera
    const is_lively = [...this.#marks.pulses.values()].some((since) => now - since < PULSE_MS)
    const is_left = is_at_rest && !this.#overlay.shows(camera)
    // One canvas a frame is handed to the compositor, as far as it can wait; and none in the frame that brought the event.
    const are_marks_due = this.#areMarksDirty && !this.#areMarksNew
    this.#areMarksNew = false
    if (is_new) this.#areMarksDirty = true
    else if (is_left || is_lively || are_marks_due) {
      this.#areMarksDirty = false
      this.#overlay.paint(this.#scene, this.#marks, { camera, viewport, dpr: this.#dpr }, now)
    }
    this.#overlay.follow(camera, viewport)
    const is_due =
      this.#sceneDueAt !== null || this.#isRoomDirty || this.#areMarksDirty || !this.#painter.isSharp(camera, viewport)
    if (this.cameraController.isMoving || this.#painter.isBusy || is_due || is_lively || !is_at_rest) this.#request()
  }

  /** The scene first; what lies under it when it is sharp, because it is not seen then. */
  #startPainting(now: number, camera: Camera, viewport: Viewport): void {
    if (this.#painter.isBusy) return
    const painting: ScenePainting = {
      scene: this.#scene,
      sections: this.#sections,
      summaries: this.#summaries,
      row_marks: this.#rowMarks,
      titles: this.#titles,
      is_sections_first: this.#isSectionsFirst,
      hovered_section: this.#hoveredSection,
    }
    const is_scene_due = this.#sceneDueAt !== null && now >= this.#sceneDueAt
    if (is_scene_due || !this.#painter.isSharp(camera, viewport)) {
      this.#sceneDueAt = null
      const view = { camera, viewport, dpr: this.#dpr }
      this.#painter.startScene(view, scenePainter(painting, view))
    } else if (this.#isRoomDirty && now - this.#roomPaintedAt >= ROOM_MS) this.#startRoom(now, painting)
  }

  #startRoom(now: number, painting: ScenePainting): void {
    this.#isRoomDirty = false
    this.#roomPaintedAt = now
    const { home, viewport } = this.cameraController
    const painterOf = this.#isSectionsFirst ? roomPainter : scenePainter
    const dpr = Math.min(1, ROOM_PX_MAX / Math.max(viewport.width, viewport.height))
    const view = { camera: home, viewport, dpr }
    this.#painter.startRoom(view, painterOf({ ...painting, hovered_section: null }, view))
  }
}
