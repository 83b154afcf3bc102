import { type Card, cardNumbered } from '../cards.ts'

export type CardInput = { number: string; expiry: string; cvc: string }
export type CardErrors = Partial<Record<keyof CardInput, string>>
export type Checked = { kind: 'card'; card: Card } | { kind: 'invalid'; errors: CardErrors }

/** Checks what a person typed; every problem is said at its own field. The number goes no further than this. */
export function checkCard(input: CardInput, now: Date): Checked {
  const digits = input.number.replace(/[\s-]/g, '')
  const card = cardNumbered(digits)
  const errors: CardErrors = {}
  const number = numberError(digits, card)
  const expiry = expiryError(input.expiry, now)
  const cvc = cvcError(input.cvc.trim(), digits)
  if (number !== null) errors.number = number
  if (expiry !== null) errors.expiry = expiry
  if (cvc !== null) errors.cvc = cvc
  return card === undefined || Object.keys(errors).length > 0 ? { kind: 'invalid', errors } : { kind: 'card', card }
}

function numberError(digits: string, card: Card | undefined): string | null {
  if (digits === '') return 'Enter the card number.'
  if (!/^\d+$/.test(digits)) return 'A card number has digits only.'
  if (digits.length < 13) return 'This number is too short.'
  if (digits.length > 19 || !passesLuhn(digits)) return 'One digit is off: compare it with the card.'
  return card === undefined
    ? 'This bank knows its test cards only. Pick one below, and never type a real card here.'
    : null
}

function expiryError(text: string, now: Date): string | null {
  const match = /^(\d{1,2})\s*[/\-.\s]?\s*(\d{2}|\d{4})$/.exec(text.trim())
  if (text.trim() === '') return 'Enter month and year.'
  const month = Number(match?.[1])
  const year = Number(match?.[2]) + (match?.[2]?.length === 2 ? 2000 : 0)
  if (match === null || month < 1 || month > 12) return 'Month and year, like 04 / 29.'
  // A card is good until its month is over, wherever on earth its owner is.
  const over = Date.UTC(year, month, 1) + 12 * 3_600_000
  if (over <= now.getTime()) return 'This card has expired.'
  return year > now.getUTCFullYear() + 50 ? 'Check the year.' : null
}

function cvcError(cvc: string, digits: string): string | null {
  const length = /^3[47]/.test(digits) ? 4 : 3
  if (cvc === '') return length === 4 ? '4 digits, on the front.' : '3 digits, on the back.'
  return /^\d+$/.test(cvc) && cvc.length === length ? null : `The code has ${length} digits.`
}

/** The checksum that catches one wrong digit and most swapped pairs (ISO/IEC 7812-1). */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index])
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
