import { generateKeyPairSync, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  newCodeId,
  performanceTag,
  readTicketCode,
  scannedText,
  TICKET_CODE_LENGTH,
  ticketCode,
  ticketCodeBody,
} from './ticket-code.ts'

const ours = generateKeyPairSync('ed25519')
const theirs = generateKeyPairSync('ed25519')

function codeOf(input: { key_id: string; code_id: string; performance_id: string }, key = ours.privateKey): string {
  const body = ticketCodeBody(input)
  return ticketCode(body, sign(null, Buffer.from(body), key))
}

/** As a scanner does it. */
function accepts(text: string): boolean {
  const code = readTicketCode(text)
  return code !== null && verify(null, code.signed, ours.publicKey, code.signature)
}

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => Buffer.from(array).toString('hex'))
const parts = fc.record({
  key_id: hex(4),
  code_id: hex(16).map((text) => text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')),
  performance_id: fc.string({ unit: 'grapheme', minLength: 1 }),
})
const sample = codeOf({ key_id: '0a1b2c3d', code_id: newCodeId(), performance_id: 'perf_01k9x7m2v8f3r9a4d5e6g7h8j9' })

test('what is written is read, in 154 characters of the alphanumeric alphabet of QR codes', () => {
  const signature = new Uint8Array(64).fill(0xa5)
  fc.assert(
    fc.property(parts, (input) => {
      const text = ticketCode(ticketCodeBody(input), signature)
      expect(text).toMatch(/^TSR1\.[A-Z2-7]{45}\.[A-Z2-7]{103}$/)
      expect(text).toHaveLength(TICKET_CODE_LENGTH)
      const read = readTicketCode(text)
      expect(read).toMatchObject({
        key_id: input.key_id,
        code_id: input.code_id,
        performance_tag: performanceTag(input.performance_id),
      })
      expect(read?.signature).toEqual(signature)
      expect(Buffer.from(read?.signed ?? []).toString()).toBe(text.slice(0, 50))
    }),
    { numRuns: 5_000 },
  )
})

test('anything else is refused: 100,000 texts of every kind', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const letters = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 200 })
  const strange = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    letters,
    letters.map((text) => `TSR1.${text}`),
    fc.tuple(letters, letters).map(([a, b]) => `TSR1.${a}.${b}`),
    // Cut, lengthened, spliced.
    fc.nat(TICKET_CODE_LENGTH - 1).map((length) => sample.slice(0, length)),
    letters.filter((text) => text !== '').map((text) => sample + text),
    fc.nat(TICKET_CODE_LENGTH - 1).map((at) => sample.slice(0, at) + sample.slice(at + 1)),
    // Look-alikes: another case, other digits, full-width and combining characters.
    fc
      .tuple(fc.nat(TICKET_CODE_LENGTH - 1), fc.constantFrom(...'01890abcxyz-_=+/ \u0000\u0410\uFF21\u0301'))
      .map(([at, character]) => sample.slice(0, at) + character + sample.slice(at + 1)),
  )
  let refused = 0
  fc.assert(
    fc.property(strange, (text) => {
      if (readTicketCode(text) === null) refused++
      else expect(text).toMatch(/^TSR1\.[A-Z2-7]{45}\.[A-Z2-7]{103}$/)
    }),
    { numRuns: 100_000 },
  )
  expect(refused).toBeGreaterThan(99_000)
})

test('one changed character makes a code that is refused, wherever it is: in form or by its signature', () => {
  expect(accepts(sample)).toBe(true)
  let wellFormed = 0
  for (let at = 0; at < sample.length; at++) {
    for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567') {
      if (character === sample[at]) continue
      const changed = sample.slice(0, at) + character + sample.slice(at + 1)
      if (readTicketCode(changed) !== null) wellFormed++
      expect(accepts(changed), changed).toBe(false)
    }
  }
  // The signature was put to the test, not only the form.
  expect(wellFormed).toBeGreaterThan(4_000)
})

test('one code has one spelling: padding bits that are not zero are refused', () => {
  const body = ticketCodeBody({ key_id: '00000000', code_id: newCodeId(), performance_id: 'perf_1' })
  const text = ticketCode(body, new Uint8Array(64))
  const last = (code: string, character: string) => code.slice(0, -1) + character
  expect(text.endsWith('A')).toBe(true)
  expect(readTicketCode(text)).not.toBeNull()
  for (const character of 'BCDEFGH') expect(readTicketCode(last(text, character))).toBeNull()
})

test('letter case and surrounding blanks carry nothing', () => {
  for (const sent of [sample, sample.toLowerCase(), ` ${sample}`, `${sample} `, `\t${sample.toLowerCase()}\r\n`])
    expect(scannedText(sent)).toBe(sample)
  // A blank within is none of those around it.
  expect(readTicketCode(scannedText(`${sample.slice(0, 9)} ${sample.slice(9)}`))).toBeNull()
})

test('forgeries of scenario 62: other versions, another key, another event, what is long', () => {
  const input = { key_id: '0a1b2c3d', code_id: newCodeId(), performance_id: 'perf_1' }
  expect(accepts(codeOf(input))).toBe(true)
  expect(accepts(codeOf(input, theirs.privateKey))).toBe(false)
  expect(accepts(codeOf(input).replace('TSR1', 'TSR0'))).toBe(false)
  expect(accepts(codeOf(input).replace('TSR1', 'TSR2'))).toBe(false)
  expect(accepts(codeOf(input).toLowerCase())).toBe(false)
  expect(accepts(`${codeOf(input)}\n`)).toBe(false)
  expect(accepts('A'.repeat(256))).toBe(false)
  expect(accepts('TSR1.'.padEnd(4_296, 'A'))).toBe(false)
  // The signed part of one ticket under the signature of another.
  const other = codeOf({ ...input, code_id: newCodeId() })
  expect(accepts(codeOf(input).slice(0, 51) + other.slice(51))).toBe(false)
})
