/**
 * The shape that a section's seats make, for drawing it as one thing: every point within `reach` of a seat, with the
 * notches between rows filled (everything is grown by twice the reach and then shrunk by one), traced along its edge
 * (marching squares on a distance field). Unlike a convex hull it follows a horseshoe round the stage.
 */

type Spot = { x: number; y: number }

/** Nodes of the grid a seat: enough for any room; a lone seat far away makes the grid coarser, never larger. */
const NODES_PER_SEAT = 400
const NODES_MIN = 4_096

/** Closed polygons as flat x, y lists; holes wind the other way (fill them even-odd). Empty for no seats. */
export function outlinesOf(spots: readonly Spot[], reach: number): number[][] {
  const first = spots[0]
  if (first === undefined) return []
  const field = shrunk(grownField(spots, reach))
  const place = (x: number, y: number): Spot => ({ x: field.left + x * field.step, y: field.top + y * field.step })
  return trace(field)
    .map((ring) =>
      simplify(
        ring.map(({ x, y }) => place(x, y)),
        reach * 0.12,
      ),
    )
    .filter((ring) => Math.abs(signedArea(ring)) > reach * reach)
    .map((ring) => ring.flatMap(({ x, y }) => [round(x, reach), round(y, reach)]))
}

/** `values` at each node: how far inside the shape it lies, in steps; below 0 = outside. Row by row. */
type Field = { values: Float32Array; columns: number; step: number; left: number; top: number }

/** Steps in a reach; seats are grown by twice that. */
const REACH_STEPS = 2
const GROWN_STEPS = 2 * REACH_STEPS

function grownField(spots: readonly Spot[], wanted: number): Field {
  const first = spots[0] ?? { x: 0, y: 0 }
  const box = { left: first.x, top: first.y, right: first.x, bottom: first.y }
  for (const { x, y } of spots) {
    box.left = Math.min(box.left, x)
    box.top = Math.min(box.top, y)
    box.right = Math.max(box.right, x)
    box.bottom = Math.max(box.bottom, y)
  }
  const most = NODES_MIN + NODES_PER_SEAT * spots.length
  let step = wanted / REACH_STEPS
  const margin = GROWN_STEPS + 2
  const nodes = (length: number) => Math.ceil(length / step) + 2 * margin + 1
  while (nodes(box.right - box.left) * nodes(box.bottom - box.top) > most) step *= 2
  const columns = nodes(box.right - box.left)
  const values = new Float32Array(columns * nodes(box.bottom - box.top)).fill(-1)
  const field = { values, columns, step, left: box.left - margin * step, top: box.top - margin * step }
  for (const { x, y } of spots) {
    const raise = (value: number, distance: number) => Math.max(value, GROWN_STEPS - distance)
    stamp(field, { x: (x - field.left) / step, y: (y - field.top) / step }, GROWN_STEPS, raise)
  }
  return field
}

/** One reach less on every side: what lies that near to the edge is outside. */
function shrunk(field: Field): Field {
  const inner = { ...field, values: field.values.map((value) => (value > 0 ? GROWN_STEPS : -1)) }
  const lower = (value: number, distance: number) => Math.min(value, distance - REACH_STEPS)
  for (const spot of trace(field).flat()) stamp(inner, spot, REACH_STEPS, lower)
  return inner
}

/** Changes every node within so many steps, and one more round about, by its distance from the spot. */
function stamp(
  { values, columns }: Field,
  spot: Spot,
  steps: number,
  change: (value: number, distance: number) => number,
): void {
  for (let row = Math.floor(spot.y) - steps; row <= Math.floor(spot.y) + steps + 1; row += 1) {
    for (let column = Math.floor(spot.x) - steps; column <= Math.floor(spot.x) + steps + 1; column += 1) {
      const at = row * columns + column
      const distance = Math.hypot(column - spot.x, row - spot.y)
      if (distance <= steps + 1) values[at] = change(values[at] ?? -1, distance)
    }
  }
}

/** Rings of the zero line, in node units. */
function trace({ values, columns }: Field): Spot[][] {
  const next = new Map<number, { to: number; spot: Spot }>()
  const value = (at: number) => values[at] ?? -1
  for (let at = 0; at + columns + 1 < values.length; at += 1) {
    const corners = [value(at), value(at + 1), value(at + columns + 1), value(at + columns)] as const
    for (const [from, to] of crossings(corners)) {
      const spot = cut(Math.floor(at / columns), at % columns, from, corners)
      next.set(edgeKey(at, columns, from), { to: edgeKey(at, columns, to), spot })
    }
  }
  const rings: Spot[][] = []
  for (const start of next.keys()) {
    const ring: Spot[] = []
    let edge = start
    for (let piece = next.get(edge); piece !== undefined; piece = next.get(edge)) {
      ring.push(piece.spot)
      next.delete(edge)
      edge = piece.to
    }
    if (ring.length > 2) rings.push(ring)
  }
  return rings
}

type Corners = readonly [number, number, number, number]
type Edge = 0 | 1 | 2 | 3

/** Pairs of edges (0 top, 1 right, 2 bottom, 3 left) that the zero line joins, walked with the inside on the right. */
function crossings([a, b, c, d]: Corners): readonly (readonly [Edge, Edge])[] {
  const inside = (a > 0 ? 8 : 0) | (b > 0 ? 4 : 0) | (c > 0 ? 2 : 0) | (d > 0 ? 1 : 0)
  return table[inside] ?? []
}

const table: readonly (readonly (readonly [Edge, Edge])[])[] = [
  [],
  [[2, 3]],
  [[1, 2]],
  [[1, 3]],
  [[0, 1]],
  [
    [0, 1],
    [2, 3],
  ],
  [[0, 2]],
  [[0, 3]],
  [[3, 0]],
  [[2, 0]],
  [
    [3, 0],
    [1, 2],
  ],
  [[1, 0]],
  [[3, 1]],
  [[2, 1]],
  [[3, 2]],
  [],
]

/** The two cells that share an edge call it by one number: twice the node at its start, odd when it runs down. */
function edgeKey(at: number, columns: number, edge: Edge): number {
  if (edge === 0) return 2 * at
  if (edge === 2) return 2 * (at + columns)
  return edge === 3 ? 2 * at + 1 : 2 * (at + 1) + 1
}

function cut(row: number, column: number, edge: Edge, [a, b, c, d]: Corners): Spot {
  if (edge === 0) return { x: column + a / (a - b), y: row }
  if (edge === 2) return { x: column + d / (d - c), y: row + 1 }
  if (edge === 3) return { x: column, y: row + a / (a - d) }
  return { x: column + 1, y: row + b / (b - c) }
}

/** Ramer–Douglas–Peucker on a ring, opened at its two points farthest apart in order. */
function simplify(ring: Spot[], tolerance: number): Spot[] {
  const first = ring[0]
  if (first === undefined || ring.length < 8) return ring
  let far = 0
  ring.forEach((spot, n) => {
    if (distance(spot, first) > distance(ring[far] ?? first, first)) far = n
  })
  const there = keep(ring.slice(0, far + 1), tolerance)
  const back = keep([...ring.slice(far), first], tolerance)
  return [...there.slice(0, -1), ...back.slice(0, -1)]
}

function keep(line: Spot[], tolerance: number): Spot[] {
  const kept = new Set([0, line.length - 1])
  const open: [number, number][] = [[0, line.length - 1]]
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [from, to] = part
    const a = line[from]
    const b = line[to]
    if (a === undefined || b === undefined) continue
    let worst = tolerance
    let at = -1
    for (let n = from + 1; n < to; n += 1) {
      const off = offLine(line[n] ?? a, a, b)
      if (off <= worst) continue
      worst = off
      at = n
    }
    if (at === -1) continue
    kept.add(at)
    open.push([from, at], [at, to])
  }
  return line.filter((_, n) => kept.has(n))
}

function offLine(spot: Spot, a: Spot, b: Spot): number {
  const length = distance(a, b)
  if (length === 0) return distance(spot, a)
  return Math.abs((b.x - a.x) * (a.y - spot.y) - (a.x - spot.x) * (b.y - a.y)) / length
}

function distance(a: Spot, b: Spot): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function signedArea(ring: Spot[]): number {
  let doubled = 0
  ring.forEach((spot, n) => {
    const next = ring[(n + 1) % ring.length] ?? spot
    doubled += spot.x * next.y - next.x * spot.y
  })
  return doubled / 2
}

/** To about a hundredth of the reach: finer nobody sees, and it only costs bytes. */
function round(value: number, reach: number): number {
  const unit = 10 ** Math.floor(Math.log10(reach / 50))
  return Number((Math.round(value / unit) * unit).toPrecision(9))
}
