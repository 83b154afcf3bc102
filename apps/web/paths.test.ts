import { expect, test } from 'vitest'
import { paths, safeNext } from './paths.ts'

test('every link of the web app', () => {
  const all = {
    discover: paths.discover(),
    discover_filtered: paths.discover({ genre: 'jazz', city: 'Kraków', date: '2026-11-28' }),
    event: paths.event('evt_1'),
    event_on: paths.event('evt_1', 'perf_1'),
    seats: paths.seats('perf_1'),
    checkout: paths.checkout('bk_1'),
    checkout_done: paths.checkoutDone('bk_1'),
    order: paths.order('bk_1'),
    order_by_link: paths.order('bk_1', 'secret'),
    tickets: paths.tickets(),
    ticket: paths.ticket('tkt_1'),
    sign_in: paths.signIn('/tickets'),
    sign_up: paths.signUp(),
    organizer: paths.organizer(),
    sales: paths.sales('evt_1'),
    doors: paths.doors(),
    door: paths.door('perf_1'),
    integrity: paths.integrity(),
    dead_letters: paths.deadLetters(),
    founded_organizations: paths.foundedOrganizations(),
    founded_organizations_approved: paths.foundedOrganizations('approved'),
    styleguide: paths.styleguide(),
    event_image: paths.eventImage('evt_1'),
    calendar: paths.calendar('bk_1'),
    event_calendar: paths.eventCalendar('evt_1', 'perf_1'),
    qr: paths.qr('tkt_1'),
    qr_by_link: paths.qr('tkt_1', 'secret'),
    pdf: paths.pdf('tkt_1'),
    order_pdf: paths.orderPdf('bk_1', 'secret'),
    seats_stream: paths.seatsStream('perf_1'),
    sales_stream: paths.salesStream('evt_1'),
    directions: paths.directions(18.95, 72.81),
  }
  expect(all).toMatchSnapshot()
})

test.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  '/\t/evil.example',
  '/%09/evil.example',
  '/.//evil.example',
  '/%2e%2e//evil.example',
  '@evil.example',
  '/@//evil.example',
])('after signing in nobody is sent to %j', (next) => {
  expect(safeNext(next)).toBe('/')
})

test('after signing in everybody goes where they wanted to', () => {
  expect(safeNext('/tickets')).toBe('/tickets')
  expect(safeNext('/performances/perf_1/seats?on=a#map')).toBe('/performances/perf_1/seats?on=a#map')
  expect(safeNext(undefined, '/tickets')).toBe('/tickets')
})
