/**
 * The state of every seat of a performance, two bits each: what the seat document, its deltas and its binary form carry.
 *
 * Binary form (`application/vnd.tessera.seats`), little-endian, 16 bytes of header and then four seats a byte, the
 * lowest-numbered seat in the lowest bits:
 *   0 "TSR1" · 4 version (unsigned 64 bit, below 2^53) · 12 number of seats (unsigned 32 bit) · 16 packed states
 */

export const seatStates = ['available', 'held', 'sold', 'blocked'] as const
export type SeatState = (typeof seatStates)[number]

export const SEATS_MEDIA_TYPE = 'application/vnd.tessera.seats'

const MAGIC = 0x3152_5354
const HEADER_BYTES = 16

/** `states` is packed. Immutable by convention, but for `applyDelta`, which changes it in place. */
export type SeatStates = { version: number; total: number; states: Uint8Array }

/** As in the seat document: absent = available. */
export type SparseSeats = Readonly<Record<string, SeatState>>

/**
 * Version `previous` + these changes = `version`. Where several versions were melted into one delta, `previous` says
 * how far back it reaches; absent = `version - 1`.
 */
export type SeatDelta = { version: number; previous?: number; changes: SparseSeats }

export function newSeatStates(total: number, version = 0): SeatStates {
  return { version, total, states: new Uint8Array(Math.ceil(total / 4)) }
}

export function seatStateAt({ states }: SeatStates, seat: number): SeatState {
  return seatStates[((states[seat >> 2] ?? 0) >> ((seat & 3) << 1)) & 3] ?? 'available'
}

/** In place. */
export function setSeatState({ states }: SeatStates, seat: number, state: SeatState): void {
  const shift = (seat & 3) << 1
  states[seat >> 2] = ((states[seat >> 2] ?? 0) & ~(3 << shift)) | (seatStates.indexOf(state) << shift)
}

/** `numberOf` turns a seat id into its number; ids it does not know are left out. */
export function packSeats(
  total: number,
  version: number,
  seats: SparseSeats,
  numberOf: (id: string) => number | undefined,
): SeatStates {
  const packed = newSeatStates(total, version)
  for (const [id, state] of Object.entries(seats)) {
    const seat = numberOf(id)
    if (seat !== undefined) setSeatState(packed, seat, state)
  }
  return packed
}

/** The opposite of `packSeats`. Cheap for what is mostly available: four free seats are skipped at a time. */
export function sparseSeats(packed: SeatStates, idOf: (seat: number) => string): Record<string, SeatState> {
  const seats: [string, SeatState][] = []
  packed.states.forEach((four, n) => {
    if (four === 0) return
    for (let seat = n * 4; seat < Math.min(n * 4 + 4, packed.total); seat += 1) {
      const state = seatStateAt(packed, seat)
      if (state !== 'available') seats.push([idOf(seat), state])
    }
  })
  return Object.fromEntries(seats)
}

export type DeltaOutcome = { kind: 'applied'; changed: number[] } | { kind: 'stale' } | { kind: 'gap' }

/**
 * In place. `stale`: we are at that version already, nothing happens. `gap`: a version in between is missing, nothing
 * happens, the document must be fetched anew.
 */
export function applyDelta(
  packed: SeatStates,
  delta: SeatDelta,
  numberOf: (id: string) => number | undefined,
): DeltaOutcome {
  if (delta.version <= packed.version) return { kind: 'stale' }
  if ((delta.previous ?? delta.version - 1) > packed.version) return { kind: 'gap' }
  const changed: number[] = []
  for (const [id, state] of Object.entries(delta.changes)) {
    const seat = numberOf(id)
    if (seat === undefined || seatStateAt(packed, seat) === state) continue
    setSeatState(packed, seat, state)
    changed.push(seat)
  }
  packed.version = delta.version
  return { kind: 'applied', changed }
}

export function encodeSeatStates({ version, total, states }: SeatStates): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + states.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setBigUint64(4, BigInt(version), true)
  view.setUint32(12, total, true)
  bytes.set(states, HEADER_BYTES)
  return bytes
}

/** Undefined for bytes that are not of this form. */
export function decodeSeatStates(bytes: Uint8Array): SeatStates | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const total = view.getUint32(12, true)
  const version = Number(view.getBigUint64(4, true))
  if (view.getUint32(0, true) !== MAGIC || bytes.length !== HEADER_BYTES + Math.ceil(total / 4)) return undefined
  return Number.isSafeInteger(version) ? { version, total, states: bytes.slice(HEADER_BYTES) } : undefined
}

/** How many seats are in each state. */
export function countStates(packed: SeatStates): Record<SeatState, number> {
  const counts = { available: 0, held: 0, sold: 0, blocked: 0 }
  for (let seat = 0; seat < packed.total; seat += 1) counts[seatStateAt(packed, seat)] += 1
  return counts
}
