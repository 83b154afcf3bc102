/**
 * Which seats are free, live. The document first, then deltas by version from the stream; a missing version means the
 * document again. React reads it by `useSyncExternalStore` (a small snapshot); the renderer listens to seat numbers.
 *
 * loading → live ⇄ reconnecting (the picture stays, and may be a little old) · loading → failed → loading (retry).
 */
import { type SeatState, type SeatStates, seatStateAt } from '@tessera/contracts/seat-map/seat-state'
import { createSeatBulletin, type SeatSnapshot } from './seat-bulletin.ts'
import { type FollowerBrowser, SeatFollower } from './seat-follower.ts'
import { type Chart, SeatPicture } from './seat-picture.ts'
import { thisBrowser } from './shared-stream.ts'

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
  /** Of the one that is open. */
  retry: () => void
}

export type StoreBrowser = FollowerBrowser & {
  /** Runs once, soon, in one go with the next picture. */
  nextFrame: (run: () => void) => void
}

export function createSeatStateStore(
  performance_id: string,
  chart: Chart,
  browser: StoreBrowser = thisStoreBrowser(),
): SeatStateStore {
  const picture = new SeatPicture(chart)
  const bulletin = createSeatBulletin(browser.nextFrame)
  let follower: SeatFollower | null = null
  return {
    get states() {
      return picture.states
    },
    subscribe: bulletin.subscribe,
    getSnapshot: bulletin.getSnapshot,
    onChange: bulletin.onChange,
    stateOf: (seat_id) => {
      const seat = chart.number_of.get(seat_id)
      return seat === undefined || !picture.isKnown ? 'blocked' : seatStateAt(picture.states, seat)
    },
    open: () => {
      const opened = new SeatFollower(performance_id, { chart, picture, bulletin, browser })
      opened.open()
      follower = opened
      return () => opened.close()
    },
    retry: () => follower?.retry(),
  }
}

function thisStoreBrowser(): StoreBrowser {
  return {
    ...thisBrowser(),
    fetch: (url, init) => fetch(url, init),
    // A hidden tab gets no frames, yet its title or its list may still want to know.
    nextFrame: (run) => {
      if (document.visibilityState === 'visible') requestAnimationFrame(run)
      else setTimeout(run, 100)
    },
  }
}
