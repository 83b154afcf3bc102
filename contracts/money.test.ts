import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { decimalText, exponentOf, formatMoney, hasFraction } from './money.ts'

const ROOT = resolve(import.meta.dirname, '..')

/** ISO 4217 list one: every active code whose minor unit is not 2. Written out here as the oracle. */
const NOT_TWO: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
}
const expected = (currency: string): number =>
  Number(Object.entries(NOT_TWO).find(([, codes]) => codes.split(' ').includes(currency))?.[0] ?? 2)

const digitsOf = (text: string): string => text.replace(/[^0-9]/g, '')

test.each(Intl.supportedValuesOf('currency'))('%s is written with the digits of ISO 4217', (currency) => {
  const exponent = expected(currency)
  expect(exponentOf(currency)).toBe(exponent)
  const amount = 1_234_567
  // The minor units come back from the text whatever the runtime's locale data say about decimals.
  expect(digitsOf(formatMoney({ amount, currency }))).toBe(String(amount))
  expect(digitsOf(formatMoney({ amount, currency }, { locale: 'de' }))).toBe(String(amount))
  const whole = 12 * 10 ** exponent
  expect(digitsOf(formatMoney({ amount: whole, currency }))).toBe(String(whole))
  expect(digitsOf(formatMoney({ amount: whole, currency }, { strip: true }))).toBe('12')
  if (exponent > 0)
    expect(digitsOf(formatMoney({ amount: whole + 1, currency }, { strip: true }))).toBe(String(whole + 1))
  expect(Number(decimalText({ amount, currency }))).toBeCloseTo(amount / 10 ** exponent, 6)
})

test.each([
  [{ amount: 150_050, currency: 'ALL' }, '1500.50'],
  [{ amount: 9_000_000, currency: 'LBP' }, '90000.00'],
  [{ amount: 250_000, currency: 'MMK' }, '2500.00'],
  [{ amount: 250_000, currency: 'MGA' }, '2500.00'],
  [{ amount: 5_000, currency: 'JPY' }, '5000'],
  [{ amount: 1_250, currency: 'KWD' }, '1.250'],
  [{ amount: -5, currency: 'EUR' }, '-0.05'],
  [{ amount: 9_007_199_254_740_991, currency: 'EUR' }, '90071992547409.91'],
])('%o in units is %s', (value, text) => {
  expect(decimalText(value)).toBe(text)
})

test('a fraction is what is smaller than one unit of the currency', () => {
  expect(hasFraction({ amount: 4_850, currency: 'EUR' })).toBe(true)
  expect(hasFraction({ amount: 4_800, currency: 'EUR' })).toBe(false)
  expect(hasFraction({ amount: 1, currency: 'JPY' })).toBe(false)
  expect(hasFraction({ amount: 1_010, currency: 'KWD' })).toBe(true)
})

test('no other file formats a currency or asks the runtime for its digits', async () => {
  const offenders: string[] = []
  let looked_at = 0
  for await (const path of glob('{apps,contexts,contracts,platform}/**/*.{ts,tsx,js,mjs}', {
    cwd: ROOT,
    exclude: (name) => name === 'node_modules' || name === '.next',
  })) {
    looked_at++
    if (path.startsWith('contracts/money')) continue
    const text = readFileSync(join(ROOT, path), 'utf8')
    if (/style:\s*['"]currency['"]|resolvedOptions\(\)\.(maximum|minimum)FractionDigits/.test(text))
      offenders.push(path)
  }
  expect(looked_at).toBeGreaterThan(500)
  expect(offenders).toEqual([])
})
