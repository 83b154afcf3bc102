import { readTicketCode, scannedText, TICKET_CODE_LENGTH } from '@tessera/contracts/ticket-code'

/** Keys of one read may arrive unevenly (a radio link, a busy tablet): the longest pause between them, in milliseconds. */
const PAUSE_MS_MAX = 500
/** So many keys, none later than this after the one before, are a scanner and no hand. */
const FAST_KEYS_MIN = 8
const FAST_MS_MAX = 60
const LENGTH_MAX = 500

/**
 * What a hand scanner sent up to its Enter or Tab: a whole signed code, or text that is not one. `typed` is what it wrote,
 * in its letter case and with its blanks.
 */
export type Read = { kind: 'code'; code: string; typed: string } | { kind: 'broken'; typed: string }

/**
 * Tells a hand scanner, which is a keyboard to the browser, from a hand. Keys gather until a pause or an Enter (or Tab). Then
 * only the shape of a signed code, in any letter case and with blanks around it, is a code, however its keys came: half of
 * one, whichever half, never is. Other text is a broken read if a scanner must have typed it, otherwise it was typed by
 * hand and is no read.
 */
export class KeyBurst {
  #text = ''
  /** Fast keys in a row, up to now and at most. */
  #fast = { now: 0, most: 0 }
  #at_ms = Number.NEGATIVE_INFINITY

  /** Takes a key with its time; the read when this key ended one. */
  press(key: string, at_ms: number): Read | null {
    const pause_ms = at_ms - this.#at_ms
    if (pause_ms > PAUSE_MS_MAX) this.#clear()
    this.#at_ms = at_ms
    if (key === 'Enter' || key === 'Tab') {
      const read = readOf(this.#text, this.#fast.most >= FAST_KEYS_MIN)
      this.#clear()
      return read
    }
    // Keys with names (Shift, AltGraph) come between the characters and are none.
    if (Array.from(key).length === 1) {
      this.#text = (this.#text + key).slice(-LENGTH_MAX)
      const now = pause_ms <= FAST_MS_MAX ? this.#fast.now + 1 : 1
      this.#fast = { now, most: Math.max(now, this.#fast.most) }
    }
    return null
  }

  #clear(): void {
    this.#text = ''
    this.#fast = { now: 0, most: 0 }
  }
}

/** A read that broke off may stand before the whole code: what counts is how the text ends. */
function readOf(text: string, is_scanner: boolean): Read | null {
  const end = text.trimEnd()
  const before = end.slice(0, -TICKET_CODE_LENGTH).trimEnd()
  const code = scannedText(end.slice(-TICKET_CODE_LENGTH))
  if (readTicketCode(code) !== null) return { kind: 'code', code, typed: text.slice(before.length) }
  return is_scanner ? { kind: 'broken', typed: text } : null
}

/** A field's text without the end that a burst wrote into it, cut short where the field was full. */
export function withoutBurst(text: string, burst: string): string {
  for (let length = Math.min(text.length, burst.length); length > 0; length--) {
    if (text.endsWith(burst.slice(0, length))) return text.slice(0, -length)
  }
  return text
}
