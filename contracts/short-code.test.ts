import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readShortCode, shortCodeOf } from './short-code.ts'
import { newCodeId } from './ticket-code.ts'

const codeIds = fc.uuid({ version: [1, 2, 3, 4, 5] })

test('a short code is ten characters without look-alikes and names its ticket in any spelling', () => {
  expect(shortCodeOf('00000000-0000-4000-8000-000000000000')).toBe('33333-33333')
  fc.assert(
    fc.property(codeIds, fc.constantFrom('', ' ', '-', ' - '), (code_id, blank) => {
      const code = shortCodeOf(code_id)
      expect(code).toMatch(/^[34679ACDEFGHJKMNPQRTWXY]{5}-[34679ACDEFGHJKMNPQRTWXY]{5}$/)
      for (const typed of [code, code.toLowerCase(), `  ${code.replace('-', blank)}\t`]) {
        const range = readShortCode(typed)
        if (range === null) throw new Error(`${typed} is not read`)
        expect(range.from <= code_id && code_id <= range.to).toBe(true)
      }
    }),
  )
})

test('one wrong character, two swapped ones, one too few or too many: no short code', () => {
  fc.assert(
    fc.property(codeIds, fc.nat(9), fc.nat(21), (code_id, at, shift) => {
      const code = shortCodeOf(code_id).replace('-', '')
      const alphabet = '34679ACDEFGHJKMNPQRTWXY'
      const wrong = alphabet[(alphabet.indexOf(code.charAt(at)) + shift + 1) % alphabet.length] ?? ''
      expect(readShortCode(code.slice(0, at) + wrong + code.slice(at + 1))).toBeNull()
      const swapped = code.slice(0, at) + code.charAt(at + 1) + code.charAt(at) + code.slice(at + 2)
      if (at < 9 && swapped !== code) expect(readShortCode(swapped)).toBeNull()
    }),
  )
  const code = shortCodeOf(newCodeId())
  for (const text of ['', code.slice(1), `${code}3`, '0OIL12-58BUV', '１２３４５６７８９０', 'YYYYYYYYYY'])
    expect(readShortCode(text), text).toBeNull()
})
