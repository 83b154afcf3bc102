import { expect, test } from 'vitest'
import { calendarFile } from './calendar-file.ts'

const performance = {
  id: 'perf_a',
  start_time: '2026-11-28T12:30:00.000Z',
  end_time: '2026-11-28T14:50:00.000Z',
  status: 'published' as const,
}
const event = {
  title: 'Rain, and after; 夜の窓の向こうに見える街のあかりと、その下を流れる川の音についての長い題',
  venue: { name: 'Old Opera House', address: '', city: 'Mumbai' },
}

test('gives times in UTC and escapes what the format reserves', () => {
  const file = calendarFile(event, performance, 'https://tickets.example/events/evt_a', '2026-11-20T10:00:00.000Z')
  expect(file).toContain('DTSTART:20261128T123000Z\r\nDTEND:20261128T145000Z')
  expect(file).toContain('LOCATION:Old Opera House\\, Mumbai')
  expect(file).toContain('SUMMARY:Rain\\, and after\\;')
})

test('no line is longer than 75 octets, and unfolding gives the text back', () => {
  const file = calendarFile(event, performance, 'https://tickets.example/events/evt_a', '2026-11-20T10:00:00.000Z')
  for (const line of file.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
  expect(file.replaceAll('\r\n ', '')).toContain('その下を流れる川の音についての長い題')
})

test('a cancelled performance strikes the entry out: same UID, STATUS and a higher SEQUENCE', () => {
  const fileOf = (status: 'published' | 'cancelled') =>
    calendarFile(event, { ...performance, status }, 'https://tickets.example/events/evt_a', '2026-11-20T10:00:00.000Z')
  const lineOf = (file: string, name: string) => file.split('\r\n').find((line) => line.startsWith(`${name}:`))
  const [sold, cancelled] = [fileOf('published'), fileOf('cancelled')]
  expect(lineOf(cancelled, 'UID')).toBe(lineOf(sold, 'UID'))
  expect([lineOf(sold, 'STATUS'), lineOf(sold, 'SEQUENCE')]).toEqual(['STATUS:CONFIRMED', 'SEQUENCE:0'])
  expect([lineOf(cancelled, 'STATUS'), lineOf(cancelled, 'SEQUENCE')]).toEqual(['STATUS:CANCELLED', 'SEQUENCE:1'])
})
