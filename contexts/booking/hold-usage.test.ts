import { expect, test } from 'vitest'
import { type HoldOutcomeRow, judgeUsage, usageOf } from './hold-usage.ts'

const ALLOWANCE = { open_max: 3, abandoned_free: 2, abandoned_step: 1, free_clears: 1 }
const NOW_MS = Date.parse('2026-01-01T12:00:00Z')
const HOLD_S = 300

const rows = (...outcomes: HoldOutcomeRow['outcome'][]): HoldOutcomeRow[] =>
  outcomes.map((outcome, i) => ({
    booking_id: `bk_${i}`,
    outcome,
    expires_at: new Date(NOW_MS + (outcome === 'open' ? 100_000 + i * 1_000 : 0)).toISOString(),
  }))
const judge = (...outcomes: HoldOutcomeRow['outcome'][]) =>
  judgeUsage(usageOf(rows(...outcomes), ALLOWANCE), ALLOWANCE, HOLD_S, NOW_MS)

test('open holds up to the limit, and one more as soon as the first of them ends', () => {
  expect(judge('open', 'open')).toBeNull()
  expect(judge('open', 'open', 'open')).toEqual({ because: 'open', retry_after_s: 100 })
  expect(judge('open', 'released', 'open', 'confirmed')).toBeNull()
})

test('the cool-down begins after the tolerated holds and doubles with each further expired hold, up to an hour', () => {
  const waits = Array.from({ length: 12 }, (_, n) => judge(...Array<'abandoned'>(n).fill('abandoned'))?.retry_after_s)
  expect(waits).toEqual([undefined, undefined, undefined, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600])
})

test('a confirmed booking resets the cool-down, a released one does not', () => {
  expect(judge('abandoned', 'abandoned', 'abandoned', 'confirmed')).toBeNull()
  expect(judge('abandoned', 'abandoned', 'abandoned', 'released')).toMatchObject({ because: 'abandoned' })
  expect(judge('confirmed', 'abandoned', 'abandoned', 'abandoned')).toMatchObject({ because: 'abandoned' })
})

test('a free booking makes up for some abandoned holds, and saves nothing up', () => {
  expect(judge('abandoned', 'abandoned', 'abandoned', 'free')).toBeNull()
  expect(judge('abandoned', 'abandoned', 'abandoned', 'abandoned', 'free')).toMatchObject({ because: 'abandoned' })
  expect(judge('free', 'free', 'free', 'abandoned', 'abandoned', 'abandoned')).toMatchObject({ because: 'abandoned' })
})

test.each([
  { what: 'one address', allowance: { ...ALLOWANCE, free_clears: 10 }, of_ten: 9 },
  { what: 'a box office', allowance: ALLOWANCE, of_ten: 5 },
])('a free sale at $what, of whose holds $of_ten of 10 are confirmed, is never refused', ({ allowance, of_ten }) => {
  const ten = Array.from({ length: 10 }, (_, i) => ((i * of_ten) % 10 < of_ten ? 'free' : 'abandoned'))
  const sold = rows(...Array.from({ length: 50 }, () => ten).flat())
  for (let n = 0; n < sold.length; n++)
    expect(judgeUsage(usageOf(sold.slice(0, n), allowance), allowance, HOLD_S, NOW_MS)).toBeNull()
})
