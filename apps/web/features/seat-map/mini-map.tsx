'use client'
import { type PointerEvent, useEffect, useRef } from 'react'
import { visibleBox } from './camera.ts'
import type { MapRenderer } from './map-renderer.ts'
import { cssOf, mix } from './map-theme.ts'

const WIDTH = 132
const HEIGHT_MAX = 132

/** The whole room in a corner, and what of it you see; drag to go elsewhere. For pointers: keys have the map itself. */
export function MiniMap({ renderer }: { renderer: MapRenderer }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { bounds } = renderer.scene.geometry
  const scale = Math.min(WIDTH / (bounds.right - bounds.left), HEIGHT_MAX / (bounds.bottom - bounds.top))
  const [width, height] = [(bounds.right - bounds.left) * scale, (bounds.bottom - bounds.top) * scale]

  // A canvas follows the camera, which moves outside of React.
  useEffect(() => {
    const room = document.createElement('canvas')
    let painted: object | null = null
    const draw = () => {
      const context = canvas.current?.getContext('2d')
      const under = room.getContext('2d')
      if (!context || !under) return
      // The room changes when seats or colours do, what is seen of it with every frame.
      if (painted !== renderer.summaries) paintRoom(under, renderer, scale, width, height)
      painted = renderer.summaries
      paintView(context, room, renderer, scale, width, height)
    }
    draw()
    return renderer.onMove(draw)
  }, [renderer, scale, width, height])

  const go = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons === 0) return
    const box = event.currentTarget.getBoundingClientRect()
    renderer.cameraController.moveTo({
      x: bounds.left + (event.clientX - box.left) / scale,
      y: bounds.top + (event.clientY - box.top) / scale,
    })
    renderer.repaint()
  }
  return (
    <canvas
      ref={canvas}
      aria-hidden="true"
      className="touch-none rounded-md border border-line bg-surface"
      style={{ width, height }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        go(event)
      }}
      onPointerMove={go}
    />
  )
}

const INSET = 0.92

/** From units to the canvas' own pixels. */
function placeOf({ scene }: MapRenderer, scale: number, width: number, height: number) {
  const dpr = window.devicePixelRatio || 1
  const { bounds } = scene.geometry
  const k = scale * dpr * INSET
  const dx = ((1 - INSET) / 2) * width * dpr - bounds.left * k
  const dy = ((1 - INSET) / 2) * height * dpr - bounds.top * k
  return { k, dx, dy, dpr, across: Math.round(width * dpr), down: Math.round(height * dpr) }
}

function paintRoom(
  context: CanvasRenderingContext2D,
  renderer: MapRenderer,
  scale: number,
  width: number,
  height: number,
): void {
  const { scene } = renderer
  const { k, dx, dy, across, down } = placeOf(renderer, scale, width, height)
  // Setting its size clears a canvas.
  context.canvas.width = across
  context.canvas.height = down
  context.setTransform(k, 0, 0, k, dx, dy)
  renderer.sections.forEach(({ path }, section) => {
    const color = renderer.summaries[section]?.color ?? null
    context.fillStyle = color === null ? scene.theme.line : cssOf(mix(color, scene.theme.paper, 0.45))
    context.fill(path, 'evenodd')
  })
  for (const { kind, outline } of scene.geometry.shapes) {
    if (kind !== 'stage' || outline.shape !== 'polygon') continue
    context.beginPath()
    for (const { x, y } of outline.points) context.lineTo(x, y)
    context.closePath()
    context.fillStyle = scene.theme.ink_3
    context.fill()
  }
}

function paintView(
  context: CanvasRenderingContext2D,
  room: HTMLCanvasElement,
  renderer: MapRenderer,
  scale: number,
  width: number,
  height: number,
): void {
  const { scene, cameraController } = renderer
  const { k, dx, dy, dpr, across, down } = placeOf(renderer, scale, width, height)
  const { canvas } = context
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across
    canvas.height = down
  }
  context.clearRect(0, 0, across, down)
  context.drawImage(room, 0, 0)
  const seen = visibleBox(cameraController.camera, cameraController.viewport)
  context.strokeStyle = scene.theme.ink
  context.lineWidth = 1.5 * dpr
  const clip = (value: number, most: number) => Math.min(Math.max(value, dpr), most - dpr)
  const [left, right] = [clip(seen.left * k + dx, across), clip(seen.right * k + dx, across)]
  const [top, bottom] = [clip(seen.top * k + dy, down), clip(seen.bottom * k + dy, down)]
  context.beginPath()
  context.roundRect(left, top, right - left, bottom - top, 3 * dpr)
  context.stroke()
}
