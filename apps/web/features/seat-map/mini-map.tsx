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
    const draw = () => {
      const context = canvas.current?.getContext('2d')
      if (context) paintMiniMap(context, renderer, scale, width, height)
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

function paintMiniMap(
  context: CanvasRenderingContext2D,
  renderer: MapRenderer,
  scale: number,
  width: number,
  height: number,
): void {
  const dpr = window.devicePixelRatio || 1
  const { canvas } = context
  const { scene, cameraController } = renderer
  const { bounds } = scene.geometry
  if (canvas.width !== Math.round(width * dpr)) {
    canvas.width = Math.round(width * dpr)
    canvas.height = Math.round(height * dpr)
  }
  const inset = 0.92
  const k = scale * dpr * inset
  const dx = ((1 - inset) / 2) * width * dpr - bounds.left * k
  const dy = ((1 - inset) / 2) * height * dpr - bounds.top * k
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, canvas.width, canvas.height)
  context.setTransform(k, 0, 0, k, dx, dy)
  renderer.sectionPaths.forEach((path, section) => {
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
  const seen = visibleBox(cameraController.camera, cameraController.viewport)
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.strokeStyle = scene.theme.ink
  context.lineWidth = 1.5 * dpr
  const clip = (value: number, most: number) => Math.min(Math.max(value, dpr), most - dpr)
  const [left, right] = [clip(seen.left * k + dx, canvas.width), clip(seen.right * k + dx, canvas.width)]
  const [top, bottom] = [clip(seen.top * k + dy, canvas.height), clip(seen.bottom * k + dy, canvas.height)]
  context.beginPath()
  context.roundRect(left, top, right - left, bottom - top, 3 * dpr)
  context.stroke()
}
