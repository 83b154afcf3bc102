import { describe, expect, test } from 'vitest'
import { availabilityText, nextStep, performanceAvailability } from './availability.ts'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const counts = (total: number, sold: number, held: number) => ({ total, sold, held, available: total - sold - held })

test('what is held is never called sold out', () => {
  expect(availabilityText(counts(100, 99, 1)).words).toBe('All on hold right now')
  expect(availabilityText(counts(100, 100, 0)).words).toBe('Sold out')
})

test('few places are counted, a small share goes fast, the rest is plenty', () => {
  expect(availabilityText(counts(100, 96, 0)).words).toBe('Last 4')
  expect(availabilityText(counts(100, 99, 0)).words).toBe('The last one')
  expect(availabilityText(counts(1_000, 800, 0)).words).toBe('Going fast')
  expect(availabilityText(counts(1_000, 100, 0)).words).toBe('Plenty')
})

test('one open tier keeps a performance open', () => {
  expect(performanceAvailability([counts(10, 10, 0), counts(1_000, 0, 0)]).state).toBe('open')
})

describe('the next step', () => {
  const tier = { id: 'tier_a', sale_start: '2026-11-01T00:00:00.000Z', sale_end: '2026-12-01T00:00:00.000Z' }
  const performance = {
    chart_id: 'cht_a',
    end_time: '2026-11-28T20:00:00.000Z',
    status: 'published' as const,
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
    expect(
      nextStep({ ...performance, tiers: [{ ...tier, sale_end: '2026-11-19T00:00:00.000Z' }] }, left(0, 0), NOW).kind,
    ).toBe('closed')
    expect(nextStep(performance, left(0, 0), Date.parse('2026-11-29T00:00:00.000Z')).kind).toBe('over')
    expect(nextStep({ ...performance, status: 'cancelled' }, left(0, 0), NOW).kind).toBe('cancelled')
  })
})
