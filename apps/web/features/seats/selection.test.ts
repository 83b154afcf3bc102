import { describe, expect, test } from 'vitest'
import { tier } from '../event/tier.fixture.ts'
import { belowMinimum, retier, sift, toggle, totalOf } from './selection.ts'

const tiers = [tier('child', 1_000, ['Stalls']), tier('adult', 2_000, ['Stalls'], 2), tier('standing', 500, null)]
const geometry = {
  categories: [
    { name: 'Stalls', color: '#000000' },
    { name: 'Box', color: '#000000' },
  ],
  category: Uint8Array.from([0, 0, 0, 1]),
}

describe('picking', () => {
  test('takes the dearest tariff first, and refuses beyond its limit instead of moving to another price', () => {
    const first = toggle(geometry, tiers, [], 0)
    expect(first).toEqual({ kind: 'picked', picks: [{ seat: 0, tier_id: 'adult' }] })
    const full = [
      { seat: 0, tier_id: 'adult' },
      { seat: 1, tier_id: 'adult' },
    ]
    expect(toggle(geometry, tiers, full, 2)).toEqual({ kind: 'limit', tier: tiers[1] })
  })

  test('puts a seat back at the second touch', () => {
    expect(toggle(geometry, tiers, [{ seat: 0, tier_id: 'adult' }], 0)).toEqual({ kind: 'dropped', picks: [] })
  })

  test('refuses where nothing is on sale, and beyond every limit', () => {
    expect(toggle(geometry, tiers, [], 3)).toEqual({ kind: 'not-on-sale' })
    const [, adult] = tiers
    const full = [
      { seat: 0, tier_id: 'adult' },
      { seat: 1, tier_id: 'adult' },
    ]
    expect(
      toggle(
        geometry,
        [adult].filter((one) => one !== undefined),
        full,
        2,
      ),
    ).toEqual({ kind: 'limit', tier: adult })
  })
})

test('a seat takes another tariff, within its limit', () => {
  const picks = [
    { seat: 0, tier_id: 'adult' },
    { seat: 1, tier_id: 'adult' },
    { seat: 2, tier_id: 'child' },
  ]
  const changed = retier(picks, tiers, 0, 'child')
  expect(changed.kind === 'picked' && changed.picks[0]).toEqual({ seat: 0, tier_id: 'child' })
  expect(retier(picks, tiers, 2, 'adult')).toEqual({ kind: 'limit', tier: tiers[1] })
  expect(retier(picks, tiers, 0, 'adult').kind).toBe('picked')
})

test('what went to someone else is told apart', () => {
  const picks = [
    { seat: 0, tier_id: 'adult' },
    { seat: 1, tier_id: 'adult' },
  ]
  expect(sift(picks, (seat) => seat === 0)).toEqual({ kept: [picks[0]], lost: [picks[1]] })
})

test('seats and places add up', () => {
  expect(totalOf([{ seat: 0, tier_id: 'adult' }], new Map([['standing', 3]]), tiers)).toEqual({
    amount: 3_500,
    currency: 'EUR',
  })
  expect(totalOf([], new Map([['standing', 0]]), tiers)).toBeNull()
})

test('fewer seats than the smallest order of their tariff are told, with how many are missing', () => {
  const pair = { ...tier('pair', 2_000, ['Stalls']), min_per_order: 3 }
  const picks = (count: number) => Array.from({ length: count }, (_, seat) => ({ seat, tier_id: 'pair' }))
  expect(belowMinimum(picks(0), [pair])).toBeNull()
  expect(belowMinimum(picks(1), [pair])).toEqual({ tier: pair, more: 2 })
  expect(belowMinimum(picks(3), [pair])).toBeNull()
})
