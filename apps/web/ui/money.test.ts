import { expect, test } from 'vitest'
import { fromText, needsDecimals, priceOrFree, priceText } from './money.ts'

test('each currency has its own number of decimals', () => {
  expect(priceText({ amount: 4_800, currency: 'EUR' })).toBe('€48')
  expect(priceText({ amount: 4_850, currency: 'EUR' })).toBe('€48.50')
  expect(priceText({ amount: 5_000, currency: 'JPY' })).toBe('¥5,000')
  expect(priceText({ amount: 1_250, currency: 'KWD' }).replace(/\s/g, ' ')).toBe('KWD 1.250')
  expect(priceText({ amount: 120_000, currency: 'INR' })).toBe('₹1,200')
})

test('a currency without a sign in English is written with its own', () => {
  expect(priceText({ amount: 9_000, currency: 'PLN' }).replace(/\s/g, ' ')).toBe('zł 90')
})

test('receipts keep decimals in line', () => {
  expect(priceText({ amount: 4_800, currency: 'EUR' }, { exact: true })).toBe('€48.00')
  expect(needsDecimals([{ amount: 4_800, currency: 'EUR' }])).toBe(false)
  expect(needsDecimals([{ amount: 4_850, currency: 'EUR' }])).toBe(true)
})

test('nothing to pay is free, in every form of a price', () => {
  const nothing = { amount: 0, currency: 'EUR' }
  expect([priceOrFree(nothing), priceOrFree(nothing, { exact: true }), fromText(nothing)]).toEqual([
    'Free',
    'Free',
    'Free',
  ])
  const some = { amount: 2_000, currency: 'EUR' }
  expect([priceOrFree(some), priceOrFree(some, { exact: true }), fromText(some)]).toEqual(['€20', '€20.00', 'from €20'])
})
