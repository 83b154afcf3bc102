import { expect, test } from 'vitest'
import type { Event, Performance } from '../../api/types.ts'
import { calendarFile } from './calendar-file.ts'

const performance: Performance = {
  id: 'perf_a',
  chart_id: null,
  start_time: '2026-11-28T12:30:00.000Z',
  end_time: '2026-11-28T14:50:00.000Z',
  doors_time: null,
  status: 'published',
  tiers: [],
}
const event: Event = {
  id: 'evt_a',
  title: 'Rain, and after; 夜の窓の向こうに見える街のあかりと、その下を流れる川の音についての長い題',
  description: '',
  genre: 'classical',
  currency: 'INR',
  status: 'published',
  venue: {
    id: 'ven_a',
    name: 'Old Opera House',
    address: 'Lamington Road',
    city: 'Mumbai',
    country: 'IN',
    latitude: null,
    longitude: null,
    time_zone: 'Asia/Kolkata',
  },
  performances: [performance],
  refund_policy: [],
}

test('gives times in UTC and escapes what the format reserves', () => {
  const file = calendarFile(event, performance, 'https://tickets.example/events/evt_a')
  expect(file).toContain('DTSTART:20261128T123000Z\r\nDTEND:20261128T145000Z')
  expect(file).toContain('SUMMARY:Rain\\, and after\\;')
})

test('no line is longer than 75 octets, and unfolding gives the text back', () => {
  const file = calendarFile(event, performance, 'https://tickets.example/events/evt_a')
  for (const line of file.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
  expect(file.replaceAll('\r\n ', '')).toContain('その下を流れる川の音についての長い題')
})
