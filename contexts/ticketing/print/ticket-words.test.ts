import { LANGUAGE_TAGS } from '@tessera/contracts/messages/languages'
import { expect, test } from 'vitest'
import { ticketFor } from './printed-ticket.fixture.ts'
import { ticketWords } from './ticket-words.ts'
import { whenOf } from './when.ts'

const TIMES = {
  start_time: '2026-11-28T17:00:00.000Z',
  end_time: '2026-11-28T19:00:00.000Z',
  doors_time: '2026-11-28T16:15:00.000Z',
}
const SEATED = ticketFor('Jürgen Groß', { ...TIMES, time_zone: 'Europe/Berlin' })

test('a ticket in English and in German, with its dates', () => {
  const english = ticketWords(SEATED, 'en')
  expect(english).toEqual({
    title: 'Monsoon Ragas',
    when: 'Sat 28 Nov 2026, 18:00 · doors 17:15',
    zone: 'Central European Standard Time',
    where: 'Old Opera House, Mathew Road, Mumbai',
    fields: [
      { name: 'Area', value: 'Stalls', share: 2 },
      { name: 'Row', value: 'F', share: 1 },
      { name: 'Seat', value: '12', share: 1 },
    ],
    code: 'The code that is scanned at the door',
    short_code: expect.any(String),
    who: '1 of 2 · Jürgen Groß',
    order: 'Stalls · order 8HJ5-7FK1',
    note: 'This code admits one person, once. Keep it to yourself.',
  })
  expect(ticketWords(SEATED, 'de')).toEqual({
    ...english,
    when: 'Sa, 28. Nov. 2026, 18:00 Uhr · Einlass 17:15 Uhr',
    zone: 'Mitteleuropäische Normalzeit',
    fields: [
      { name: 'Bereich', value: 'Stalls', share: 2 },
      { name: 'Reihe', value: 'F', share: 1 },
      { name: 'Platz', value: '12', share: 1 },
    ],
    code: 'Der Code, der am Einlass gescannt wird',
    who: '1 von 2 · Jürgen Groß',
    order: 'Stalls · Bestellung 8HJ5-7FK1',
    note: 'Dieser Code lässt eine Person einmal ein. Bitte nicht weitergeben.',
  })
})

test('what ends on another day says when; midnight belongs to the evening before', () => {
  const lasting = (end_time: string) => ticketFor(null, { ...TIMES, end_time, time_zone: 'Europe/Berlin' })
  const exhibition = lasting('2027-01-29T17:00:00.000Z')
  expect(ticketWords(exhibition, 'en')).toMatchObject({
    when: 'Sat 28 Nov 2026, 18:00 – Fri 29 Jan 2027, 18:00',
    zone: 'Central European Standard Time · doors 17:15',
  })
  expect(ticketWords(exhibition, 'de').when).toBe('Sa, 28. Nov. 2026, 18:00 Uhr – Fr, 29. Jan. 2027, 18:00 Uhr')
  expect(ticketWords(lasting('2026-11-28T23:00:00.000Z'), 'en').when).toBe('Sat 28 Nov 2026, 18:00 · doors 17:15')
})

test('a table is called a table, general admission by its tier, a seat without a chart by its label', () => {
  const names = (ticket: typeof SEATED) => ticketWords(ticket, 'de').fields.map(({ name, value }) => `${name} ${value}`)
  const table = ticketFor(null, { seat_label: 'Hall, table 4, seat 3' })
  expect(names({ ...table, position: { section: 'Hall', row: '4', number: '3' } })).toEqual([
    'Bereich Hall',
    'Tisch 4',
    'Platz 3',
  ])
  expect(names(ticketFor(null, { seat_id: null, seat_no: null, tier_name: 'Floor' }))).toEqual(['Bereich Floor'])
  expect(names({ ...SEATED, position: null })).toEqual(['Platz Stalls, row F, seat 12'])
})

test('a clock of 24 hours begins at 00:00 in every language', () => {
  const midnight = {
    start_time: '2026-11-28T23:00:00.000Z',
    end_time: '2026-11-29T01:00:00.000Z',
    doors_time: null,
    time_zone: 'Europe/Berlin',
  }
  expect(whenOf(midnight, 'en-GB')).toMatchObject({ weekday: 'Sun', date: '29 Nov 2026', time: '00:00', doors: null })
  expect(whenOf(midnight, 'de')).toMatchObject({ weekday: 'So', date: '29. Nov. 2026', time: '00:00' })
})

test('no language leaves a part of a ticket without words', () => {
  for (const language of LANGUAGE_TAGS)
    for (const [part, words] of Object.entries(ticketWords(SEATED, language)))
      expect(words, `${language}: ${part}`).not.toHaveLength(0)
})
