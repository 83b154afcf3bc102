import { expect, test } from 'vitest'
import type { Invariant } from '#platform/invariants'
import { openPace, type Pace } from './invariant-pace.ts'

const invariant = (id: string): Invariant => ({ id, title: id, statement: { name: id, text: 'select', params: [] } })
const IDS: readonly string[] = ['A', 'B', 'C', 'D']

const open = (): Pace => openPace(IDS.map(invariant))
const due = (pace: Pace, now_ms: number): string[] => pace.due(now_ms).map(({ id }) => id)

test('a slow slice is followed by a rest of all, nineteen times as long', () => {
  const pace = open()
  pace.took('A', { started_ms: 0, took_ms: 500, passed: true })
  expect(due(pace, 9_999)).toEqual([])
  expect(due(pace, 10_000)).toEqual(IDS)
})

test('one that fails waits alone; another that fails later waits behind it', () => {
  const pace = open()
  pace.took('A', { started_ms: 0, took_ms: 60_000, passed: false })
  expect(due(pace, 60_000)).toEqual(['B', 'C', 'D'])
  pace.took('B', { started_ms: 60_000, took_ms: 10, passed: true })
  expect(due(pace, 60_399)).toEqual([])
  expect(due(pace, 60_400)).toEqual(['B', 'C', 'D'])
  pace.took('C', { started_ms: 61_000, took_ms: 60_000, passed: false })
  expect(due(pace, 2_399_999)).toEqual(['B', 'D'])
  expect(due(pace, 2_400_000)).toEqual(['A', 'B', 'D'])
  expect(due(pace, 4_800_000)).toEqual(IDS)
})

test('when one after the other fails, all rest', () => {
  const pace = open()
  pace.took('A', { started_ms: 0, took_ms: 60_000, passed: false })
  pace.took('B', { started_ms: 60_000, took_ms: 60_000, passed: false })
  expect(due(pace, 1_259_999)).toEqual([])
  expect(due(pace, 1_260_000)).toEqual(['C', 'D'])
})

/** The share of the time that slices take in a month of looks, each slice taking as long as `took_ms` says. */
function share(took_ms: (id: string) => number, failing: readonly string[]): number {
  const pace = open()
  const MONTH_MS = 30 * 86_400_000
  let now_ms = 0
  let busy_ms = 0
  let turn = 0
  while (now_ms < MONTH_MS) {
    const ids = due(pace, now_ms)
    const id = ids[turn++ % ids.length]
    if (id === undefined) {
      now_ms += 1_000
      continue
    }
    const slice_ms = took_ms(id)
    pace.took(id, { started_ms: now_ms, took_ms: slice_ms, passed: !failing.includes(id) })
    busy_ms += slice_ms
    now_ms += Math.max(1_000, slice_ms)
  }
  return busy_ms / now_ms
}

test.each([[[]], [['A']], [['A', 'B']], [['A', 'C']], [['A', 'B', 'C']], [IDS]])(
  'while %j fail, slices take a twentieth of the time',
  (failing) => {
    expect(share((id) => (failing.includes(id) ? 60_000 : 1_000), failing)).toBeLessThan(0.0505)
  },
)
