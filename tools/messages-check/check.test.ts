import { expect, test } from 'vitest'
import { catalogueComplaints, registryComplaints } from './check.ts'

const ENGLISH = {
  order: 'Order {number}',
  seats: { count: '{count, plural, one {# seat} other {# seats}}' },
  sale: '{open, select, true {From {start, date, short}} other {Closed}}',
}

const catalogue = (german: unknown, english: unknown = ENGLISH) =>
  new Map([
    ['de', JSON.stringify(german)],
    ['en', JSON.stringify(english)],
  ])

const GERMAN = {
  order: 'Bestellung {number}',
  seats: { count: '{count, plural, one {ein Platz} other {{count, number} Plätze}}' },
  sale: '{open, select, true {Ab {start, date, ::yyyyMMdd}} other {Geschlossen}}',
}

test('a complete language passes, whatever its order, plurals and formats', () => {
  expect(catalogueComplaints(catalogue(GERMAN))).toEqual([])
})

test.each([
  [{ ...GERMAN, order: undefined }, 'order is missing'],
  [{ ...GERMAN, seats: {} }, 'seats.count is missing'],
  [{ ...GERMAN, seats: 'Plätze' }, 'seats.count is missing'],
  [{ ...GERMAN, thanks: 'Danke' }, 'thanks is not in English'],
  [{ ...GERMAN, order: ' ' }, 'order is empty'],
  [{ ...GERMAN, order: 'Bestellung {nummer}' }, 'order takes nummer: string, in English number: string'],
  [{ ...GERMAN, order: 'Bestellung' }, 'order takes nothing, in English number: string'],
  [{ ...GERMAN, order: 'Bestellung {number, number}' }, 'order takes number: number, in English number: string'],
  [{ ...GERMAN, order: 'Bestellung {number' }, 'order is malformed: EXPECT_ARGUMENT_CLOSING_BRACE'],
  [{ ...GERMAN, order: '{number} {number, number}' }, 'order is malformed: {number} is a string and a number'],
  [{ ...GERMAN, order: '<b>{number}</b>' }, 'order is malformed: <b> is a tag'],
  [
    { ...GERMAN, seats: { count: '{count, plural, one {ein Platz}}' } },
    'seats.count is malformed: MISSING_OTHER_CLAUSE',
  ],
])('%j: %s', (german, complaint) => {
  expect(catalogueComplaints(catalogue(german)).join('\n')).toContain(`contracts/messages/de.json: ${complaint}`)
})

test('English itself is looked at, and cannot be empty', () => {
  expect(catalogueComplaints(catalogue(GERMAN, { ...ENGLISH, order: 'Order {number' })).join()).toContain(
    'en.json: order is malformed',
  )
  expect(catalogueComplaints(new Map())).toEqual(['contracts/messages/en.json has no messages'])
})

test('a file that is not registered, or under the name of another, is reported', () => {
  const [texts, en] = [catalogue(GERMAN), { messages: ENGLISH }]
  expect(registryComplaints(texts, { en, de: { messages: GERMAN } })).toEqual([])
  for (const registered of [{ en }, { en, de: en }])
    expect(registryComplaints(texts, registered)).toEqual([
      'contracts/messages/de.json is not what languages.ts registers as de',
    ])
})
