import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  applyDelta,
  countStates,
  decodeSeatStates,
  encodeSeatStates,
  newSeatStates,
  packSeats,
  type SeatState,
  seatStateAt,
  seatStates,
  setSeatState,
  sparseSeats,
} from './seat-state.ts'

const anyState = fc.constantFrom<SeatState>(...seatStates)
const idOf = (seat: number) => `A-${seat}`
const numbers = (total: number) => new Map(Array.from({ length: total }, (_, n) => [idOf(n), n]))

describe('packed seat states', () => {
  test('hold what was put in, and survive both wire forms', () => {
    fc.assert(
      fc.property(
        fc.array(anyState, { maxLength: 60 }),
        fc.integer({ min: 0, max: 2 ** 53 - 1 }),
        (states, version) => {
          const packed = newSeatStates(states.length, version)
          states.forEach((state, seat) => setSeatState(packed, seat, state))
          states.forEach((state, seat) => expect(seatStateAt(packed, seat)).toBe(state))
          const sparse = sparseSeats(packed, idOf)
          expect(Object.values(sparse)).toEqual(states.filter((state) => state !== 'available'))
          const known = numbers(states.length)
          expect(packSeats(states.length, version, sparse, (id) => known.get(id))).toEqual(packed)
          expect(decodeSeatStates(encodeSeatStates(packed))).toEqual(packed)
          expect(Object.values(countStates(packed)).reduce((sum, n) => sum + n)).toBe(states.length)
        },
      ),
    )
  })

  test('deltas in order bring one state to another', () => {
    const change = fc.dictionary(fc.integer({ min: 0, max: 19 }).map(idOf), anyState)
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        const known = numbers(20)
        const packed = newSeatStates(20, 5)
        const plain = new Map<string, SeatState>()
        changes.forEach((delta, n) => {
          for (const [id, state] of Object.entries(delta)) plain.set(id, state)
          expect(applyDelta(packed, { version: 6 + n, changes: delta }, (id) => known.get(id)).kind).toBe('applied')
        })
        for (const [id, seat] of known) expect(seatStateAt(packed, seat)).toBe(plain.get(id) ?? 'available')
        expect(packed.version).toBe(5 + changes.length)
      }),
    )
  })

  test('an old delta changes nothing; a missing one is noticed', () => {
    const packed = newSeatStates(4, 7)
    const apply = (version: number, previous?: number) =>
      applyDelta(packed, { version, ...(previous !== undefined && { previous }), changes: { 'A-1': 'sold' } }, () => 1)
        .kind
    expect(apply(7)).toBe('stale')
    expect(apply(9)).toBe('gap')
    expect(seatStateAt(packed, 1)).toBe('available')
    expect(apply(12, 7)).toBe('applied')
    expect(packed.version).toBe(12)
  })

  test.each([[new Uint8Array(3)], [new Uint8Array(16)], [encodeSeatStates(newSeatStates(9)).slice(0, -1)]])(
    'foreign bytes are not decoded',
    (bytes) => expect(decodeSeatStates(bytes)).toBeUndefined(),
  )

  test('the wire form is pinned', () => {
    const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as {
      seat_state: { total: number; version: number; seats: Record<string, SeatState>; hex: string }[]
    }
    expect(vectors.seat_state.length).toBeGreaterThan(0)
    for (const { total, version, seats, hex } of vectors.seat_state) {
      const packed = packSeats(total, version, seats, Number)
      expect(Buffer.from(encodeSeatStates(packed)).toString('hex')).toBe(hex)
      expect(sparseSeats(packed, String)).toEqual(seats)
    }
  })
})
