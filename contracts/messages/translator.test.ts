import { expect, test } from 'vitest'
import { translator } from './translator.ts'

test('a message has its values, plurals and numbers in the language', () => {
  const [english, german] = [translator('en'), translator('de')]
  expect(english('ticket.area')).toBe('Area')
  expect(german('ticket.area')).toBe('Bereich')
  expect(english('ticket.title', { count: 1, event: 'Faust' })).toBe('Ticket: Faust')
  expect(english('ticket.title', { count: 2, event: 'Faust' })).toBe('Tickets: Faust')
  expect(english('ticket.position', { position: 1_000, count: 2_500 })).toBe('1,000 of 2,500')
  expect(german('ticket.position', { position: 1_000, count: 2_500 })).toBe('1.000 von 2.500')
})

test('values are text and never part of the message', () => {
  const event = "{count} '{' <b># %s</b> $& \u202e"
  expect(translator('en')('ticket.title', { count: 1, event })).toBe(`Ticket: ${event}`)
})
