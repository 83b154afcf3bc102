import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { tier } from '../event/tier.fixture.ts'
import { PlacesPicker } from './places-picker.tsx'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')

function picker(available: number): string {
  const pair = { ...tier('pair', 2_000, null), min_per_order: 2 }
  return renderToStaticMarkup(
    createElement(PlacesPicker, {
      tiers: [pair],
      counts: new Map([['pair', { total: 100, sold: 100 - available, held: 0, available }]]),
      chosen: new Map(),
      time_zone: 'Europe/Vienna',
      now_ms: NOW,
      onChange: () => undefined,
    }),
  )
}

test('a stepper begins at the smallest order and names it; below it nothing can be chosen', () => {
  expect(picker(3)).toContain('An order begins at 2.')
  expect(picker(3)).toContain('aria-label="2 more, pair"')
  expect(picker(1)).toContain('Sold out')
  expect(picker(1)).not.toContain('<button')
})
