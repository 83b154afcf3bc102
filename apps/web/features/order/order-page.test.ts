import { AppRouterContext, type AppRouterInstance } from 'next/dist/shared/lib/app-router-context.shared-runtime'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { Booking, Performance } from '../../api/bodies.ts'
import { OrderSummary } from '../checkout/order-summary.tsx'
import { event, performance } from '../event/event.fixture.ts'
import { bookingAt } from './booking.fixture.ts'
import { OrderPage } from './order-page.tsx'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const nothing = () => undefined
/** Pages are rendered here without the router that Next gives them. */
const router: AppRouterInstance = {
  back: nothing,
  forward: nothing,
  refresh: nothing,
  push: nothing,
  replace: nothing,
  prefetch: nothing,
  bfcacheId: '',
}
const words = (markup: string) => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

function order(booking: Booking, shown: Performance = performance): string {
  const nobody = { tickets: new Map(), email: null, access: undefined, owner: false }
  const page = createElement(OrderPage, { booking, event, performance: shown, ...nobody, now_ms: NOW })
  return renderToStaticMarkup(createElement(AppRouterContext.Provider, { value: router }, page))
}

function summary(booking: Booking, shown: Performance = performance): string {
  const props = { booking, event: { ...event, performances: [shown] } }
  return words(renderToStaticMarkup(createElement(OrderSummary, props)))
}

const far = { start_time: '2028-02-03T16:49:00.000Z', end_time: '2028-04-03T18:49:00.000Z' }
const FAR_WORDS = 'Thu 3 Feb 2028, 17:49 – Mon 3 Apr 2028, 20:49'

test('a cancelled order keeps its calendar file, which strikes the entry out', () => {
  const cancelled = order(bookingAt(2_000, { status: 'cancelled' }))
  expect(cancelled).toContain('/calendar.ics')
  expect(words(cancelled)).not.toContain('PDF')
})

test('an order and its checkout say the year of a date far away, and the end of what lasts', () => {
  expect(words(order(bookingAt(2_000), { ...performance, ...far }))).toContain(FAR_WORDS)
  const booking = bookingAt(2_000, { status: 'held', start_time: far.start_time })
  expect(summary(booking, { ...performance, ...far })).toContain(FAR_WORDS)
})

test('a restricted view is said on the order and in the checkout', () => {
  expect(words(order(bookingAt(2_000)))).toContain('Restricted view')
  expect(summary(bookingAt(2_000))).toContain('restricted view')
  const [line] = bookingAt(2_000).line_items
  expect(summary(bookingAt(2_000, { line_items: line ? [{ ...line, restricted_view: false }] : [] }))).not.toContain(
    'restricted',
  )
})

test('nothing to pay is free', () => {
  expect(summary(bookingAt(0))).toContain('Free')
  expect(summary(bookingAt(0))).not.toContain('€0')
})
