/**
 * Which seats are free, live. The document first, then deltas by version from the stream; a missing version means the
 * document again. React reads it by `useSyncExternalStore` (a small snapshot); the renderer listens to seat numbers.
 *
 * loading → live ⇄ reconnecting (the picture stays, and may be a little old) · loading → failed → loading (retry).
 */
import {
  applyDelta,
  decodeSeatStates,
  newSeatStates,
  packSeats,
  SEATS_MEDIA_TYPE,
  type SeatDelta,
  type SeatState,
  type SeatStates,
  type SparseSeats,
  seatStateAt,
} from '@tessera/contracts/seat-map/seat-state'
import { browserWorld, openSharedStream, type StreamNews, type StreamWorld } from './shared-stream.ts'

export type SeatStatus = 'loading' | 'live' | 'reconnecting' | 'failed'
/** `revision` grows with every change that anybody could see. */
export type SeatSnapshot = { status: SeatStatus; version: number; revision: number }

export type SeatStateStore = {
  /** Packed, changed in place; see `onChange`. */
  readonly states: SeatStates
  subscribe: (listener: () => void) => () => void
  getSnapshot: () => SeatSnapshot
  /** Seat numbers that changed since the last call, at most once a frame; null = any may have. */
  onChange: (listener: (changed: readonly number[] | null) => void) => () => void
  /** `blocked` for what the chart does not have, and for every seat until the document is here. */
  stateOf: (seat_id: string) => SeatState
  /** Starts; returns what stops. Starting again after a stop is fine (React's strict mode does). */
  open: () => () => void
  retry: () => void
}

type Chart = { count: number; number_of: ReadonlyMap<string, number> }
export type StoreWorld = StreamWorld & {
  fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Runs once, soon, in one go with the next picture. */
  nextFrame: (run: () => void) => void
}

/** The document is fetched once the stream is open, so that nothing falls between the two; or then at the latest. */
const FETCH_ANYWAY_MS = 400
/** Between two fetches of the document after gaps: everybody meets the same gap at the same moment. */
const REFETCH_SPREAD_MS = 1_500
const BUFFER_MAX = 2_000

export function createSeatStateStore(
  performance_id: string,
  chart: Chart,
  world: StoreWorld = browserStoreWorld(),
): SeatStateStore {
  const base = `/api/v1/performances/${encodeURIComponent(performance_id)}/seats`
  const numberOf = (id: string) => chart.number_of.get(id)
  const listeners = new Set<() => void>()
  const changeListeners = new Set<(changed: readonly number[] | null) => void>()
  let states = newSeatStates(chart.count, -1)
  let snapshot: SeatSnapshot = { status: 'loading', version: -1, revision: 0 }
  /** Changes not yet told; null = any. */
  let untold: Set<number> | null = new Set()
  let isTelling = false
  let buffer: SeatDelta[] = []
  let isFetching = false
  let hasAsked = false
  let isUp = false
  let generation = 0
  let stopWaiting = () => {}

  const tell = () => {
    isTelling = false
    const changed = untold === null ? null : [...untold]
    untold = new Set()
    if (changed === null || changed.length > 0) for (const listener of changeListeners) listener(changed)
    for (const listener of listeners) listener()
  }
  const changed = (status: SeatStatus, seats: readonly number[] | null) => {
    if (seats === null) untold = null
    else for (const seat of seats) untold?.add(seat)
    const isSame = status === snapshot.status && seats !== null && seats.length === 0
    if (isSame && states.version === snapshot.version) return
    snapshot = { status, version: states.version, revision: snapshot.revision + (isSame ? 0 : 1) }
    if (isTelling) return
    isTelling = true
    world.nextFrame(tell)
  }
  const applyBuffer = () => {
    const waiting = buffer.toSorted((a, b) => a.version - b.version)
    buffer = []
    const seats: number[] = []
    for (const [n, delta] of waiting.entries()) {
      const outcome = applyDelta(states, delta, numberOf)
      if (outcome.kind === 'applied') seats.push(...outcome.changed)
      if (outcome.kind !== 'gap') continue
      buffer = waiting.slice(n)
      break
    }
    changed(snapshot.status, seats)
    if (buffer.length > 0) fetchSoon()
  }
  const load = async (mine: number) => {
    if (isFetching || mine !== generation) return
    isFetching = true
    hasAsked = true
    try {
      const fetched = await fetchStates(base, chart, world)
      if (mine !== generation) return
      // An answer from a cache may be older than what the stream told already.
      if (fetched.version >= states.version) {
        const seats = differences(states, fetched)
        states = fetched
        changed(isUp ? 'live' : 'reconnecting', seats)
      }
    } catch {
      if (mine === generation) changed(states.version < 0 ? 'failed' : 'reconnecting', [])
      return
    } finally {
      isFetching = false
    }
    applyBuffer()
  }
  const fetchSoon = () => {
    const mine = generation
    stopWaiting()
    stopWaiting = world.after(world.random() * REFETCH_SPREAD_MS, () => void load(mine))
  }
  const hear = (news: StreamNews) => {
    if (news.kind === 'reset') fetchSoon()
    if (news.kind === 'link') {
      isUp = news.is_up
      if (states.version >= 0) changed(isUp ? 'live' : 'reconnecting', [])
      if (isUp && !hasAsked) void load(generation)
      else if (isUp && news.is_new) fetchSoon()
    }
    if (news.kind !== 'delta') return
    buffer.push(news.delta)
    // Nobody can follow so far behind; the document will tell.
    if (buffer.length > BUFFER_MAX) buffer = buffer.slice(-BUFFER_MAX)
    if (states.version >= 0 && !isFetching) applyBuffer()
  }

  return {
    get states() {
      return states
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    getSnapshot: () => snapshot,
    onChange: (listener) => {
      changeListeners.add(listener)
      return () => changeListeners.delete(listener)
    },
    stateOf: (seat_id) => {
      const seat = chart.number_of.get(seat_id)
      return seat === undefined || states.version < 0 ? 'blocked' : seatStateAt(states, seat)
    },
    open: () => {
      generation += 1
      const mine = generation
      isFetching = false
      hasAsked = false
      isUp = false
      const close = openSharedStream(
        performance_id,
        `${base}/stream`,
        (news) => mine === generation && hear(news),
        world,
      )
      const stopAnyway = world.after(FETCH_ANYWAY_MS, () => {
        if (!hasAsked) void load(mine)
      })
      return () => {
        generation += 1
        stopAnyway()
        stopWaiting()
        close()
      }
    },
    retry: () => {
      changed('loading', [])
      void load(generation)
    },
  }
}

async function fetchStates(url: string, chart: Chart, world: StoreWorld): Promise<SeatStates> {
  const accept = `${SEATS_MEDIA_TYPE}, application/json;q=0.9`
  const response = await world.fetch(url, { headers: { accept }, cache: 'no-cache', credentials: 'same-origin' })
  if (!response.ok) throw new Error(`the seat document answered ${response.status}`)
  if (response.headers.get('content-type')?.startsWith(SEATS_MEDIA_TYPE)) {
    const decoded = decodeSeatStates(new Uint8Array(await response.arrayBuffer()))
    if (decoded?.total !== chart.count) throw new Error('the seat document is of another chart')
    return decoded
  }
  const body = (await response.json()) as { version: number; seats: SparseSeats }
  return packSeats(chart.count, body.version, body.seats, (id) => chart.number_of.get(id))
}

/** Null when there was nothing to compare with. */
function differences(before: SeatStates, after: SeatStates): number[] | null {
  if (before.version < 0) return null
  const seats: number[] = []
  after.states.forEach((four, n) => {
    if (four === before.states[n]) return
    for (let seat = n * 4; seat < Math.min(n * 4 + 4, after.total); seat += 1) {
      if (seatStateAt(after, seat) !== seatStateAt(before, seat)) seats.push(seat)
    }
  })
  return seats
}

function browserStoreWorld(): StoreWorld {
  return {
    ...browserWorld(),
    fetch: (url, init) => fetch(url, init),
    // A hidden tab gets no frames, yet its title or its list may still want to know.
    nextFrame: (run) => {
      if (document.visibilityState === 'visible') requestAnimationFrame(run)
      else setTimeout(run, 100)
    },
  }
}
