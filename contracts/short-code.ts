/**
 * The short code of a ticket, printed under its square: `K7M4R-9TX3A`. For the hand that types when no camera can read.
 *
 * Nine digits and a check digit in base 23, in letters and figures that nobody takes for one another (no 0 O, 1 I L, 2 Z,
 * 5 S, 8 B, U V). The nine digits are the first 40 bits of the ticket's random code id, so a short code is stored
 * nowhere: it names a range of code ids. It carries no signature and proves nothing: only staff who may scan at a
 * performance can use it, typed by hand, and a square that holds one is refused.
 *
 * The check digit is the sum of digit × position modulo 23. 23 is prime and greater than the length, so every single
 * wrong character and every swap of two neighbours is noticed.
 */
const ALPHABET = '34679ACDEFGHJKMNPQRTWXY'
const DIGITS = 9
const GROUP = 5
/** Hexadecimal digits of a code id that the short code holds. */
const PREFIX_HEX = 10
const CODE_ID_HEX = 32

/** The short code of a code id (a UUID in text form), in two groups. */
export function shortCodeOf(code_id: string): string {
  let rest = BigInt(`0x${code_id.replaceAll('-', '').slice(0, PREFIX_HEX)}`)
  const digits: number[] = []
  for (let index = 0; index < DIGITS; index++) {
    digits.unshift(Number(rest % BigInt(ALPHABET.length)))
    rest /= BigInt(ALPHABET.length)
  }
  const text = [...digits, checkOf(digits)].map((digit) => ALPHABET[digit]).join('')
  return `${text.slice(0, GROUP)}-${text.slice(GROUP)}`
}

/**
 * The range of code ids that a typed text names, whatever its letter case, blanks and hyphens; null for anything that is
 * no short code or was mistyped.
 */
export function readShortCode(text: string): { from: string; to: string } | null {
  const typed = text.toUpperCase().replaceAll(/[\s-]/g, '')
  if (typed.length !== DIGITS + 1) return null
  const digits = Array.from(typed, (character) => ALPHABET.indexOf(character))
  const check = digits.pop()
  if (digits.includes(-1) || check !== checkOf(digits)) return null
  const prefix = digits
    .reduce((value, digit) => value * BigInt(ALPHABET.length) + BigInt(digit), 0n)
    .toString(16)
    .padStart(PREFIX_HEX, '0')
  if (prefix.length > PREFIX_HEX) return null
  return { from: uuidOf(prefix.padEnd(CODE_ID_HEX, '0')), to: uuidOf(prefix.padEnd(CODE_ID_HEX, 'f')) }
}

function checkOf(digits: readonly number[]): number {
  return digits.reduce((sum, digit, index) => sum + digit * (index + 1), 0) % ALPHABET.length
}

function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
