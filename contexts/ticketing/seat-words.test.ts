import { translator } from '@tessera/contracts/messages/translator'
import { expect, test } from 'vitest'
import { seatWords } from './seat-words.ts'

test.each([
  ['Stalls, row F, seat 12', { section: 'Stalls', row: 'F', number: '12' }, 'Stalls, Reihe F, Platz 12'],
  ['Hall, table 4, seat 3', { section: 'Hall', row: '4', number: '3' }, 'Hall, Tisch 4, Platz 3'],
  ['row $&, seat 1', { section: '', row: '$&', number: '1' }, 'Reihe $&, Platz 1'],
  ['Box {1}, seat <2>', { section: 'Box {1}', row: '', number: '<2>' }, 'Box {1}, Platz <2>'],
  // The chart's own words, and a seat whose chart is unavailable or was another one.
  ['Parterre, rang F, siège 12', { section: 'Parterre', row: 'F', number: '12' }, 'Parterre, rang F, siège 12'],
  ['Stalls, row F, seat 12', null, 'Stalls, row F, seat 12'],
  ['Stalls, row F, seat 12', { section: 'Circle', row: 'F', number: '12' }, 'Stalls, row F, seat 12'],
  ['Floor', null, 'Floor'],
])('%s at %j is %s in German', (label, position, german) => {
  expect(seatWords(translator('de'), { label, position })).toBe(german)
  expect(seatWords(translator('en'), { label, position })).toBe(label)
})
