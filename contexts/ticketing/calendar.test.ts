import { translator } from '@tessera/contracts/messages/translator'
import { expect, test } from 'vitest'
import { calendarOf } from './calendar.ts'
import type { TicketRow } from './ticket-row.ts'
import { timeZoneBlock } from './time-zone.ts'

const ROW: TicketRow = {
  ticket_id: 'tkt_1',
  booking_id: 'bk_01m8n7k8vsfgka5agf8hj57fk1',
  position: 1,
  performance_id: 'perf_1',
  event_id: 'evt_1',
  organization_id: 'org_1',
  user_id: 'usr_1',
  seat_no: 0,
  seat_id: 'F-1',
  seat_label: 'Stalls, row F, seat 1',
  tier_id: 'tier_1',
  tier_name: 'Stalls',
  holder_first_name: null,
  holder_last_name: null,
  code_id: '00000000-0000-0000-0000-000000000000',
  key_id: '00000000',
  status: 'active',
  issued_at: '2026-10-01T08:00:00.000Z',
  tickets_of_booking: 1,
  revision: 3,
  chart_id: null,
  title: 'Día; de, los\nMuertos 死者の日',
  genre: 'music',
  start_time: '2026-10-24T23:30:00.000Z',
  end_time: '2026-10-25T03:00:00.000Z',
  doors_time: null,
  venue_id: 'ven_1',
  venue_name: 'Sala Ñ',
  venue_address: 'Calle 1, 2º',
  venue_city: 'Madrid',
  venue_country: 'ES',
  time_zone: 'Europe/Madrid',
  changed_at: '2026-10-01T08:00:00.000Z',
}

const ENGLISH = translator('en')
const linesOf = (text: string) => text.replaceAll('\r\n ', '').split('\r\n')

test("an entry in the venue's own named time zone, with a constant id and a sequence that follows revisions", () => {
  const lines = linesOf(calendarOf([ROW], 'https://tickets.example', ENGLISH).toString())
  expect(lines).toEqual(
    expect.arrayContaining([
      'UID:bk_01m8n7k8vsfgka5agf8hj57fk1.perf_1@tickets.example',
      'SEQUENCE:2',
      'STATUS:CONFIRMED',
      // 01:30 summer time; the night has 25 hours, the end is 04:00 winter time.
      'DTSTART;TZID=Europe/Madrid:20261025T013000',
      'DTEND;TZID=Europe/Madrid:20261025T040000',
      'TZID:Europe/Madrid',
      'DTSTAMP:20261001T080000Z',
      'SUMMARY:Día\\; de\\, los Muertos 死者の日',
    ]),
  )
  expect(calendarOf([ROW], 'https://tickets.example', ENGLISH)).toEqual(
    calendarOf([ROW], 'https://tickets.example', ENGLISH),
  )
  for (const line of calendarOf([ROW], 'https://tickets.example', ENGLISH).toString().split('\r\n'))
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
})

test('a local time that occurs twice is given in UTC, whichever of the two is meant', () => {
  const timesIn = (changes: Partial<TicketRow>): (string | undefined)[] => {
    const [, entry = ''] = calendarOf([{ ...ROW, ...changes }], 'https://tickets.example', ENGLISH)
      .toString()
      .split('BEGIN:VEVENT')
    return ['DTSTART', 'DTEND'].map((name) => linesOf(entry).find((line) => line.startsWith(name)))
  }
  // 02:30 in Madrid comes twice that night.
  for (const start_time of ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'])
    expect(timesIn({ start_time })).toEqual([
      `DTSTART:${start_time.replaceAll(/[-:]|\.\d{3}/g, '')}`,
      'DTEND:20261025T030000Z',
    ])
  // And as the end, at 01:30 in New York.
  expect(
    timesIn({
      start_time: '2026-11-01T02:00:00.000Z',
      end_time: '2026-11-01T06:30:00.000Z',
      time_zone: 'America/New_York',
    }),
  ).toEqual(['DTSTART:20261101T020000Z', 'DTEND:20261101T063000Z'])
  // The hour that does not exist: the clock goes from 01:59 to 03:00.
  expect(timesIn({ start_time: '2026-03-29T00:59:00.000Z', end_time: '2026-03-29T01:00:00.000Z' })).toEqual([
    'DTSTART;TZID=Europe/Madrid:20260329T015900',
    'DTEND;TZID=Europe/Madrid:20260329T030000',
  ])
})

test('each change has a new stamp, and the last line of the file ends like the others', () => {
  const changed = { ...ROW, status: 'void' as const, changed_at: '2026-10-02T09:30:00.000Z' }
  const text = calendarOf([ROW, changed], 'https://tickets.example', ENGLISH).toString()
  expect(linesOf(text)).toContain('DTSTAMP:20261002T093000Z')
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
})

test('user text cannot begin a line of its own', () => {
  const hostile = 'x\r\nBEGIN:VALARM\nATTACH:file\rEND:VALARM\u2028\u0000'
  const row = {
    ...ROW,
    title: hostile,
    venue_name: hostile,
    venue_address: hostile,
    venue_city: hostile,
    seat_label: hostile,
  }
  const names = linesOf(calendarOf([row], 'https://tickets.example', ENGLISH).toString()).map(
    (line) => line.split(/[:;]/)[0],
  )
  expect(names).not.toContain('ATTACH')
  expect(calendarOf([row], 'https://tickets.example', ENGLISH).toString()).not.toMatch(/\r(?!\n)/)
  expect(names.filter((name) => name === 'BEGIN')).toHaveLength(
    linesOf(calendarOf([ROW], 'https://tickets.example', ENGLISH).toString()).filter((line) =>
      line.startsWith('BEGIN:'),
    ).length,
  )
})

test('general-admission tickets are counted', () => {
  const floor = { ...ROW, seat_label: 'Floor' }
  const text = calendarOf([floor, floor, ROW], 'https://tickets.example', ENGLISH).toString()
  expect(linesOf(text)).toContain('DESCRIPTION:2 × Floor\\nStalls\\, row F\\, seat 1\\nOrder 8HJ5-7FK1')
})

test("its words are in the reader's language, the organizer's as they are", () => {
  const text = calendarOf([ROW], 'https://tickets.example', translator('de')).toString()
  expect(linesOf(text)).toEqual(
    expect.arrayContaining([
      'DESCRIPTION:Stalls\\, row F\\, seat 1\\nBestellung 8HJ5-7FK1',
      'SUMMARY:Día\\; de\\, los Muertos 死者の日',
    ]),
  )
})

test('a cancelled booking cancels its entry, under a higher sequence', () => {
  const lines = linesOf(calendarOf([{ ...ROW, status: 'void' }], 'https://tickets.example', ENGLISH).toString())
  expect(lines).toEqual(
    expect.arrayContaining([
      'STATUS:CANCELLED',
      'SEQUENCE:3',
      'UID:bk_01m8n7k8vsfgka5agf8hj57fk1.perf_1@tickets.example',
    ]),
  )
})

test('time zones with and without changes of the clock', () => {
  const madrid = timeZoneBlock('Europe/Madrid', ROW.start_time)
  expect(madrid).toContain(
    'BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT',
  )
  expect(madrid).toContain(
    'BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD',
  )
  expect(timeZoneBlock('Asia/Kolkata', ROW.start_time)).toContain('TZOFFSETTO:+0530')
  expect(timeZoneBlock('UTC', ROW.start_time)).toContain(
    'BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000',
  )
  const newYork = timeZoneBlock('America/New_York', '2026-03-08T06:30:00Z')
  expect(newYork).toContain('DTSTART:20260308T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400')
})
