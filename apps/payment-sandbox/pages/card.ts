import { type Card, cardNumbered } from '../cards.ts'

export type CardInput = { number: string; expiry: string; cvc: string }
export type CardErrors = Partial<CardInput>
export type Checked = { kind: 'card'; card: Card } | { kind: 'invalid'; errors: CardErrors }

/** Checks what a person typed; every problem is reported at its own field. The number goes no further than this. */
export function checkCard(input: CardInput, now: Date): Checked {
  const digits = input.number.replace(/[\s-]/g, '')
  const card = cardNumbered(digits)
  const found = {
    number: numberError(digits, card),
    expiry: expiryError(input.expiry.trim(), now),
    cvc: cvcError(input.cvc.trim(), /^3[47]/.test(digits) ? 4 : 3),
  }
  const errors: CardErrors = Object.fromEntries(Object.entries(found).filter(([, error]) => error !== null))
  return card === undefined || Object.keys(errors).length > 0 ? { kind: 'invalid', errors } : { kind: 'card', card }
}

function numberError(digits: string, card: Card | undefined): string | null {
  if (card !== undefined) return null
  if (digits === '') return 'Enter the card number.'
  if (!/^\d+$/.test(digits)) return 'A card number has digits only.'
  if (digits.length < 13) return 'This number is too short.'
  if (digits.length > 19 || !passesLuhn(digits)) return 'One digit is off: compare it with the card.'
  return 'This bank knows its test cards only. Pick one below, and never type a real card here.'
}

function expiryError(text: string, now: Date): string | null {
  if (text === '') return 'Enter month and year.'
  const [, month = '', year = ''] = /^(\d{1,2})\s*[/\-.\s]?\s*(\d{2}|\d{4})$/.exec(text) ?? []
  if (Number(month) < 1 || Number(month) > 12) return 'Month and year, like 04 / 29.'
  const full_year = Number(year) + (year.length === 2 ? 2000 : 0)
  // A card is good until its month is over, in every time zone.
  const over = Date.UTC(full_year, Number(month), 1) + 12 * 3_600_000
  if (over <= now.getTime()) return 'This card has expired.'
  return full_year > now.getUTCFullYear() + 50 ? 'Check the year.' : null
}

function cvcError(cvc: string, length: number): string | null {
  if (cvc === '') return length === 4 ? '4 digits, on the front.' : '3 digits, on the back.'
  return /^\d+$/.test(cvc) && cvc.length === length ? null : `The code has ${length} digits.`
}

/** The checksum that catches one wrong digit and most swapped pairs (ISO/IEC 7812-1). */
export function passesLuhn(digits: string): boolean {
  const sum = digits
    .split('')
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
  return sum % 10 === 0
}
