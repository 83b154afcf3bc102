import { describe, expect, test } from 'vitest'
import { availabilityText, nextStep, performanceAvailability, quantitiesOf } from './availability.ts'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const ZONE = 'Europe/Vienna'
const counts = (total: number, sold: number, held: number) => ({ total, sold, held, available: total - sold - held })
const terms = { sale_start: '2026-11-01T00:00:00.000Z', sale_end: '2026-12-01T00:00:00.000Z', min_per_order: 1 }
const words = (left: ReturnType<typeof counts> | undefined, change: Partial<typeof terms> = {}) =>
  availabilityText({ ...terms, ...change }, left, ZONE, NOW).words

test('what is held is never called sold out', () => {
  expect(words(counts(100, 99, 1))).toBe('All on hold right now')
  expect(words(counts(100, 100, 0))).toBe('Sold out')
})

test('few places are counted, a small share goes fast, the rest is plenty', () => {
  expect(words(counts(100, 96, 0))).toBe('Last 4')
  expect(words(counts(100, 99, 0))).toBe('The last one')
  expect(words(counts(1_000, 800, 0))).toBe('Going fast')
  expect(words(counts(1_000, 100, 0))).toBe('Plenty')
  expect(words(undefined)).toBe('')
})

test('a sale that has ended or not begun says so, whatever is left', () => {
  const plenty = counts(100, 0, 0)
  expect(words(plenty, { sale_end: '2026-11-19T00:00:00.000Z' })).toBe('Sale ended')
  expect(words(undefined, { sale_end: '2026-11-19T00:00:00.000Z' })).toBe('Sale ended')
  expect(words(plenty, { sale_start: '2026-11-24T09:00:00.000Z' })).toBe('On sale from Tue 10:00')
  expect(words(plenty, { sale_start: '2027-11-24T09:00:00.000Z', sale_end: '2027-12-01T00:00:00.000Z' })).toBe(
    'On sale from Wed 24 Nov 2027, 10:00',
  )
})

test('fewer left than the smallest order are sold out', () => {
  expect(words(counts(100, 99, 0), { min_per_order: 2 })).toBe('Sold out')
  expect(words(counts(100, 98, 1), { min_per_order: 2 })).toBe('All on hold right now')
  expect(words(counts(100, 98, 0), { min_per_order: 2 })).toBe('Last 2')
})

test('the quantities of a tier begin at its smallest order and end at what is left', () => {
  const pairs = { ...terms, min_per_order: 2, max_per_order: 6 }
  expect(quantitiesOf(pairs, counts(100, 97, 0), NOW)).toEqual({ min: 2, max: 3 })
  expect(quantitiesOf(pairs, counts(100, 0, 0), NOW)).toEqual({ min: 2, max: 6 })
  expect(quantitiesOf(pairs, undefined, NOW)).toEqual({ min: 2, max: 6 })
  expect(quantitiesOf(pairs, counts(100, 99, 0), NOW)).toBeNull()
  expect(quantitiesOf({ ...pairs, sale_end: '2026-11-19T00:00:00.000Z' }, counts(100, 0, 0), NOW)).toBeNull()
})

test('one open tier keeps a performance open, and one whose sale ended does not', () => {
  const tiers = [
    { id: 'a', ...terms },
    { id: 'b', ...terms },
  ]
  const left = [
    { tier_id: 'a', ...counts(10, 10, 0) },
    { tier_id: 'b', ...counts(1_000, 0, 0) },
  ]
  expect(performanceAvailability({ tiers, time_zone: ZONE }, left, NOW).state).toBe('open')
  const ended = tiers.map((tier) => (tier.id === 'b' ? { ...tier, sale_end: '2026-11-19T00:00:00.000Z' } : tier))
  expect(performanceAvailability({ tiers: ended, time_zone: ZONE }, left, NOW).words).toBe('Sold out')
})

describe('the next step', () => {
  const tier = { id: 'tier_a', ...terms }
  const performance = {
    chart_id: 'cht_a',
    end_time: '2026-11-28T20:00:00.000Z',
    status: 'published' as const,
    time_zone: ZONE,
    tiers: [tier],
  }
  const left = (sold: number, held: number) => [{ tier_id: 'tier_a', ...counts(100, sold, held) }]

  test('names seats where there is a chart and tickets where there is none', () => {
    expect(nextStep(performance, left(0, 0), NOW)).toEqual({ kind: 'choose', label: 'Choose seats' })
    expect(nextStep({ ...performance, chart_id: null }, left(0, 0), NOW)).toEqual({
      kind: 'choose',
      label: 'Get tickets',
    })
  })

  test('waits for the opening, and says when', () => {
    const later = { ...tier, sale_start: '2026-11-21T09:00:00.000Z' }
    expect(nextStep({ ...performance, tiers: [later] }, left(0, 0), NOW)).toEqual({
      kind: 'opens',
      at: later.sale_start,
    })
  })

  test('tells gone, held, closed, over and cancelled apart', () => {
    expect(nextStep(performance, left(100, 0), NOW).kind).toBe('sold-out')
    expect(nextStep(performance, left(98, 2), NOW).kind).toBe('held')
    expect(nextStep({ ...performance, tiers: [{ ...tier, min_per_order: 2 }] }, left(99, 0), NOW).kind).toBe('sold-out')
    expect(
      nextStep({ ...performance, tiers: [{ ...tier, sale_end: '2026-11-19T00:00:00.000Z' }] }, left(0, 0), NOW).kind,
    ).toBe('closed')
    expect(nextStep(performance, left(0, 0), Date.parse('2026-11-29T00:00:00.000Z')).kind).toBe('over')
    expect(nextStep({ ...performance, status: 'cancelled' }, left(0, 0), NOW).kind).toBe('cancelled')
  })
})
