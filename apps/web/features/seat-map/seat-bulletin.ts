/** What changed, told to those who listen at most once a frame: to React that something did, to the renderer which seats. */
export type SeatStatus = 'loading' | 'live' | 'reconnecting' | 'failed'
/** `revision` grows with every change that anybody could see. */
export type SeatSnapshot = { status: SeatStatus; version: number; revision: number }
/** `status` absent: as it was. `changed`: seat numbers; null = any may have. */
export type SeatNews = { status?: SeatStatus; version: number; changed: readonly number[] | null }

export type SeatBulletin = {
  subscribe: (listener: () => void) => () => void
  getSnapshot: () => SeatSnapshot
  /** Seat numbers that changed since the last call; null = any may have. */
  onChange: (listener: (changed: readonly number[] | null) => void) => () => void
  publish: (news: SeatNews) => void
}

export function createSeatBulletin(nextFrame: (run: () => void) => void): SeatBulletin {
  const listeners = new Set<() => void>()
  const changeListeners = new Set<(changed: readonly number[] | null) => void>()
  let snapshot: SeatSnapshot = { status: 'loading', version: -1, revision: 0 }
  /** Changes not yet told; null = any. */
  let untold: Set<number> | null = new Set()
  let isTelling = false

  const tell = () => {
    isTelling = false
    const changed = untold === null ? null : [...untold]
    untold = new Set()
    if (changed === null || changed.length > 0) for (const listener of changeListeners) listener(changed)
    for (const listener of listeners) listener()
  }
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    getSnapshot: () => snapshot,
    onChange: (listener) => {
      changeListeners.add(listener)
      return () => changeListeners.delete(listener)
    },
    publish: ({ status = snapshot.status, version, changed }) => {
      if (changed === null) untold = null
      else for (const seat of changed) untold?.add(seat)
      const isSame = status === snapshot.status && changed !== null && changed.length === 0
      if (isSame && version === snapshot.version) return
      snapshot = { status, version, revision: snapshot.revision + (isSame ? 0 : 1) }
      if (isTelling) return
      isTelling = true
      nextFrame(tell)
    },
  }
}
