import { expect, test } from 'vitest'
import { type HoldUses, judgeUsage, usageOf } from './hold-usage.ts'

const ALLOWANCE = { open_max: 3, unused_free: 2, unused_step: 1 }
const NOW_MS = Date.parse('2026-01-01T12:00:00Z')
const HOLD_S = 300

const at = (ms: number): string => new Date(ms).toISOString()

/** Uses of one performance, of which the last ended now. */
const uses = (over: Partial<HoldUses>): HoldUses => ({
  open_ids: [],
  first_ends_at: null,
  unused: 0,
  last_unused_at: (over.unused ?? 0) > 0 ? at(NOW_MS) : null,
  paid: 0,
  free: 0,
  ...over,
})

const judge = (of: HoldUses[], allowance = ALLOWANCE) => judgeUsage(usageOf(of), allowance, HOLD_S, NOW_MS)

test('open holds up to the limit, and one more as soon as the first of them ends', () => {
  const open = (open_ids: string[], ends_in_s: number): HoldUses =>
    uses({ open_ids, first_ends_at: at(NOW_MS + ends_in_s * 1_000) })
  expect(judge([open(['a', 'b'], 100)])).toBeNull()
  expect(judge([open(['a', 'b'], 101), open(['c'], 100)])).toEqual({ because: 'open', retry_after_s: 100 })
})

test('the cool-down begins after the tolerated lives and doubles with each further one, up to an hour', () => {
  const waits = [1, 2, 2.1, 3, 3.1, 4.1, 5.1, 6.1, 7.1, 8.1, 9.1, 99].map(
    (unused) => judge([uses({ unused })])?.retry_after_s,
  )
  expect(waits).toEqual([undefined, undefined, 30, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600])
})

test('a booking makes up for four unused lives, wherever they were; a free one for those of its performance', () => {
  const unusedOf = (...of: HoldUses[]): number => usageOf(of).unused
  expect(unusedOf(uses({ unused: 9 }), uses({ paid: 1 }))).toBe(5)
  expect(unusedOf(uses({ unused: 9, free: 1 }))).toBe(5)
  expect(unusedOf(uses({ unused: 9 }), uses({ free: 99 }))).toBe(9)
  expect(unusedOf(uses({ unused: 2, free: 9 }), uses({ unused: 3 }))).toBe(3)
  expect(unusedOf(uses({ unused: 2, free: 1, paid: 1 }))).toBe(0)
})

const OWNER = { open_max: 50, unused_free: 20, unused_step: 1 }
const SOURCE = { open_max: 1_000, unused_free: 200, unused_step: 20 }

test.each([
  ['a family that lets eight holds expire and releases thirty', OWNER, [uses({ unused: 8 + 30 * 0.3 })]],
  ['a class of thirty of whom each lets four expire and releases six', SOURCE, [uses({ unused: 30 * (4 + 6 * 0.2) })]],
  [
    'a box office that sells one in five of two performances',
    OWNER,
    [1, 2].map(() => uses({ unused: 400, free: 100 })),
  ],
  ['a free sale of 5,000 tickets, two an order, one order in five', SOURCE, [uses({ unused: 10_000, free: 2_500 })]],
])('%s: never refused', (_who, allowance, of) => {
  expect(judge(of, allowance)).toBeNull()
})

test.each([
  ['leaves 21 holds to expire', OWNER, [uses({ unused: 21 })]],
  ['takes a hundred free tickets elsewhere for 201 lives', SOURCE, [uses({ unused: 201 }), uses({ free: 100 })]],
  ['buys one ticket for 205 lives', SOURCE, [uses({ unused: 205, paid: 1 })]],
])('whoever %s is refused', (_who, allowance, of) => {
  expect(judge(of, allowance)).toMatchObject({ because: 'unused' })
})
