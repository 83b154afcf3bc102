import { expect, test } from 'vitest'
import { refundSentence } from './refund-sentence.ts'

const START = '2026-11-28T12:30:00.000Z'
const NOW = Date.parse('2026-11-10T00:00:00.000Z')
const usual = [
  { hours_before: 168, percent: 100 },
  { hours_before: 24, percent: 50 },
]

test('names each date in the zone of the venue', () => {
  expect(refundSentence(usual, START, 'Asia/Kolkata', NOW)).toBe(
    'Full refund until 21 November, half until 27 November.',
  )
})

test('leaves out what has passed', () => {
  expect(refundSentence(usual, START, 'Asia/Kolkata', Date.parse('2026-11-22T00:00:00.000Z'))).toBe(
    'Half back until 27 November.',
  )
  expect(refundSentence(usual, START, 'Asia/Kolkata', Date.parse('2026-11-28T00:00:00.000Z'))).toBe(
    'It is too close to the day for a refund.',
  )
})

test('says so when there is no refund at all', () => {
  expect(refundSentence([], START, 'Asia/Kolkata', NOW)).toBe('These tickets cannot be given back for money.')
  expect(refundSentence([{ hours_before: 0, percent: 75 }], START, 'Asia/Kolkata', NOW)).toBe(
    '75 % back until it starts.',
  )
})
