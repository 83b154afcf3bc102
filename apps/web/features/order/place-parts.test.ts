import { expect, test } from 'vitest'
import { placeParts } from './place-parts.ts'

test('a seat falls into area, row and seat, in the words of its chart', () => {
  expect(placeParts('Stalls, row F, seat 12')).toEqual([
    { name: 'Area', value: 'Stalls' },
    { name: 'Row', value: 'F' },
    { name: 'Seat', value: '12' },
  ])
  expect(placeParts('Parkett, Reihe 3, Platz 7')[1]).toEqual({ name: 'Reihe', value: '3' })
})

test('what has other parts stays whole', () => {
  expect(placeParts('Standing')).toEqual([{ name: 'Place', value: 'Standing' }])
  expect(placeParts('Box 4, seat 1')).toEqual([{ name: 'Place', value: 'Box 4, seat 1' }])
})
