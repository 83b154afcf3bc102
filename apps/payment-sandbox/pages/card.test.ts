import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkCard, passesLuhn } from './card.ts'

const now = new Date('2026-11-21T10:00:00Z')
const errors = (number: string, expiry: string, cvc: string): object => {
  const checked = checkCard({ number, expiry, cvc }, now)
  return checked.kind === 'invalid' ? checked.errors : {}
}

test('a test card with a future date and a code of the right length is good, however it is spaced', () => {
  for (const expiry of ['04 / 29', '4/29', '04/2029', '0429', '04-29', '11/26']) {
    expect(checkCard({ number: '4242 4242-4242 4242', expiry, cvc: '123' }, now).kind).toBe('card')
  }
  expect(checkCard({ number: '378282246310005', expiry: '12/29', cvc: '1234' }, now).kind).toBe('card')
})

test('each field says what is wrong with it', () => {
  expect(Object.keys(errors('', '', '')).sort()).toEqual(['cvc', 'expiry', 'number'])
  expect(errors('4242424242424241', '04/29', '123')).toEqual({ number: 'One digit is off: compare it with the card.' })
  expect(errors('4111111111111111', '04/29', '123')).toMatchObject({
    number: expect.stringContaining('test cards only'),
  })
  expect(errors('4242424242424242', '13/29', '123')).toEqual({ expiry: 'Month and year, like 04 / 29.' })
  expect(errors('4242424242424242', '10/26', '123')).toEqual({ expiry: 'This card has expired.' })
  expect(errors('4242424242424242', '04/29', '12a')).toEqual({ cvc: 'The code has 3 digits.' })
  expect(errors('378282246310005', '04/29', '123')).toEqual({ cvc: 'The code has 4 digits.' })
})

test('Luhn notices every single wrong digit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 1, max: 9 }), (at, shift) => {
      const digits = [...'4242424242424242'].map((digit, index) =>
        index === at ? String((Number(digit) + shift) % 10) : digit,
      )
      expect(passesLuhn(digits.join(''))).toBe(false)
    }),
  )
  expect(passesLuhn('4242424242424242')).toBe(true)
})
