import { randomFillSync } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const POOL_BYTES = 4096
const pool = Buffer.alloc(POOL_BYTES)
let taken = POOL_BYTES

/** `length` random letters and digits. Bytes ≥ 248 are thrown away, so that each letter is equally likely. */
export function randomText(length: number): string {
  let text = ''
  while (text.length < length) {
    if (taken === POOL_BYTES) {
      randomFillSync(pool)
      taken = 0
    }
    const byte = pool.readUInt8(taken)
    taken += 1
    if (byte < 248) text += ALPHABET.charAt(byte % 62)
  }
  return text
}
