/** Kinds of public ids. The prefix says what the id names; the rest is a UUIDv7, so ids sort by time of birth. */
export type IdPrefix =
  | 'usr'
  | 'org'
  | 'inv'
  | 'ses'
  | 'ven'
  | 'cht'
  | 'evt'
  | 'perf'
  | 'tier'
  | 'blk'
  | 'bk'
  | 'cxl'
  | 'pay'
  | 'ref'
  | 'tkt'
  | 'chk'
  | 'msg'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const BODY = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/

/** A fresh TypeID (`bk_01h…`): prefix, underscore, UUIDv7 in Crockford base 32 (https://github.com/jetify-com/typeid). */
export function newId(prefix: IdPrefix, now_ms: number = Date.now()): string {
  const bytes = randomBytes16()
  let rest = now_ms
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  return `${prefix}_${encode(bytes)}`
}

/** No id of that kind sorts after it, byte by byte: where a list that begins with the newest begins. */
export function lastId(prefix: IdPrefix): string {
  return `${prefix}_7${'z'.repeat(25)}`
}

/** True for a well-formed id of that kind; says nothing about whether it exists. */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.startsWith(`${prefix}_`) && BODY.test(text.slice(prefix.length + 1))
}

/** JSON Schema pattern for an id of that kind. */
export function idPattern(prefix: IdPrefix): string {
  return `^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`
}

const POOL_BYTES = 16 * 256
const pool = new Uint8Array(POOL_BYTES)
let drawn = POOL_BYTES

/** From a pool: asking the system for 16 bytes at a time costs more than the rest of an id. */
function randomBytes16(): Uint8Array {
  if (drawn >= POOL_BYTES) {
    crypto.getRandomValues(pool)
    drawn = 0
  }
  drawn += 16
  return pool.slice(drawn - 16, drawn)
}

/** 128 bits as 26 characters, the first holding only three bits. */
function encode(bytes: Uint8Array): string {
  let out = ''
  let buffer = 0
  let bits = 2
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      out += ALPHABET[(buffer >> bits) & 31]
    }
    buffer &= (1 << bits) - 1
  }
  return out
}
