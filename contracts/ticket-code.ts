/**
 * The code of a ticket, what its QR carries: `TSR1.<45 characters>.<103 characters>`.
 *
 * `TSR1` is the format and its version. The first part is 28 bytes: key id (4), code id (16, random, not the ticket's
 * id), performance tag (8). The second is an Ed25519 signature over the text before it. Both are RFC 4648 base 32 in
 * upper case without padding, so a QR code holds them in its alphanumeric mode: 154 characters are exactly what version
 * 6 takes at level M (15 % may be lost), 41 × 41 modules, and everything can be checked at a door without a network.
 *
 * One code has one spelling: the reader takes exact lengths, that alphabet and zero padding bits, nothing else. Nothing
 * secret is compared while reading, so the time it takes tells nothing; every refusal is the same `null`.
 */

export const TICKET_CODE_LENGTH = 154

const PREFIX = 'TSR1.'
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const KEY_ID_BYTES = 4
const CODE_ID_BYTES = 16
const TAG_BYTES = 8
const PAYLOAD_BYTES = KEY_ID_BYTES + CODE_ID_BYTES + TAG_BYTES
const SIGNATURE_BYTES = 64
const PAYLOAD_START = PREFIX.length
const PAYLOAD_END = PAYLOAD_START + encodedLength(PAYLOAD_BYTES)
const SIGNATURE_START = PAYLOAD_END + 1

/** A code as read: well-formed, its signature not yet checked. */
export type TicketCode = {
  /** Eight hex digits. */
  key_id: string
  /** A UUID in text form. */
  code_id: string
  /** Sixteen hex digits; compare with `performanceTag`. */
  performance_tag: string
  /** What the signature is over. */
  signed: Uint8Array<ArrayBuffer>
  signature: Uint8Array<ArrayBuffer>
}

/**
 * The spelling of a code in what a scanner or a hand sent: letter case and surrounding blanks carry nothing. Give this to
 * `readTicketCode`, and ask and remember by it.
 */
export function scannedText(text: string): string {
  return text.trim().toUpperCase()
}

/** Reads a scanned text. Null for anything but the one spelling of a code; says nothing about the signature. */
export function readTicketCode(text: string): TicketCode | null {
  if (text.length !== TICKET_CODE_LENGTH || !text.startsWith(PREFIX) || text[PAYLOAD_END] !== '.') return null
  const payload = decodeBase32(text, PAYLOAD_START, PAYLOAD_END, PAYLOAD_BYTES)
  if (payload === null) return null
  const signature = decodeBase32(text, SIGNATURE_START, TICKET_CODE_LENGTH, SIGNATURE_BYTES)
  if (signature === null) return null
  return {
    key_id: hex(payload.subarray(0, KEY_ID_BYTES)),
    code_id: uuidOf(payload.subarray(KEY_ID_BYTES, KEY_ID_BYTES + CODE_ID_BYTES)),
    performance_tag: hex(payload.subarray(KEY_ID_BYTES + CODE_ID_BYTES)),
    signed: asciiBytes(text.slice(0, PAYLOAD_END)),
    signature,
  }
}

/** The part of a code that is signed, from the key's id, the ticket's code id and the id of its performance. */
export function ticketCodeBody(input: { key_id: string; code_id: string; performance_id: string }): string {
  const payload = new Uint8Array(PAYLOAD_BYTES)
  payload.set(bytesOfHex(input.key_id, KEY_ID_BYTES), 0)
  payload.set(bytesOfHex(input.code_id.replaceAll('-', ''), CODE_ID_BYTES), KEY_ID_BYTES)
  payload.set(bytesOfHex(performanceTag(input.performance_id), TAG_BYTES), KEY_ID_BYTES + CODE_ID_BYTES)
  return PREFIX + encodeBase32(payload)
}

/** The whole code: the signed part and its signature of 64 bytes. */
export function ticketCode(body: string, signature: Uint8Array): string {
  if (signature.length !== SIGNATURE_BYTES) throw new Error(`An Ed25519 signature has ${SIGNATURE_BYTES} bytes`)
  return `${body}.${encodeBase32(signature)}`
}

/**
 * A short name of a performance, so that a scanner can say "another performance" without a network: FNV-1a, 64 bits, over
 * the id's text. Not a secret and not a proof: the signature covers it.
 */
export function performanceTag(performance_id: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(performance_id)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn
  }
  return hash.toString(16).padStart(16, '0')
}

/** A fresh code id: 128 random bits in the text form of a UUID. */
export function newCodeId(): string {
  return uuidOf(crypto.getRandomValues(new Uint8Array(CODE_ID_BYTES)))
}

function encodedLength(bytes: number): number {
  return Math.ceil((bytes * 8) / 5)
}

function encodeBase32(bytes: Uint8Array): string {
  let out = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      out += ALPHABET[(buffer >> bits) & 31]
    }
    buffer &= (1 << bits) - 1
  }
  return bits === 0 ? out : out + ALPHABET[(buffer << (5 - bits)) & 31]
}

/** Exactly `length` bytes from `text[start, end)`; null for a foreign character or padding bits that are not zero. */
function decodeBase32(text: string, start: number, end: number, length: number): Uint8Array<ArrayBuffer> | null {
  const out = new Uint8Array(length)
  let buffer = 0
  let bits = 0
  let at = 0
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    const value = code >= 65 && code <= 90 ? code - 65 : code >= 50 && code <= 55 ? code - 24 : -1
    if (value === -1) return null
    buffer = (buffer << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      out[at++] = buffer >> bits
      buffer &= (1 << bits) - 1
    }
  }
  return at === length && buffer === 0 ? out : null
}

function asciiBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

function hex(bytes: Uint8Array): string {
  let out = ''
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0')
  return out
}

function uuidOf(bytes: Uint8Array): string {
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function bytesOfHex(text: string, length: number): Uint8Array {
  if (!/^[0-9a-f]*$/.test(text) || text.length !== 2 * length) throw new Error(`Expected ${length} bytes in hex`)
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}
