import { readTicketCode, TICKET_CODE_LENGTH } from '@tessera/contracts/ticket-code'

/** A hand scanner types faster than any hand: the longest pause between the first keys of a code, in milliseconds. */
const PAUSE_MS_MAX = 60
/** So many fast keys are a scanner; fewer may be a hand that rolls over the keys. */
const LENGTH_MIN = 8
/** Once a scanner is known, its keys may arrive unevenly (a radio link, a busy tablet): the longest pause in milliseconds. */
const PAUSE_IN_BURST_MS_MAX = 500
const LENGTH_MAX = 500

/** What a hand scanner sent up to its Enter or Tab: a whole signed code, or text that is not one, as it was typed. */
export type Read = { kind: 'code'; text: string } | { kind: 'broken'; text: string }

/**
 * Tells a hand scanner, which is a keyboard to the browser, from a hand. Modes: quiet → starting (each key soon after the
 * one before) → in a burst (enough fast keys; longer pauses are allowed) → a read, when Enter or Tab ends the burst; a
 * pause that is too long leads back to quiet. Only the exact shape of a signed code is a code: half of one, whichever
 * half, never is.
 */
export class KeyBurst {
  #text = ''
  #at_ms = Number.NEGATIVE_INFINITY

  /** Takes a key with its time; the read when this key ended one. */
  press(key: string, at_ms: number): Read | null {
    const pause_ms_max = this.#text.length >= LENGTH_MIN ? PAUSE_IN_BURST_MS_MAX : PAUSE_MS_MAX
    if (at_ms - this.#at_ms > pause_ms_max) this.#text = ''
    this.#at_ms = at_ms
    if (key === 'Enter' || key === 'Tab') {
      const text = this.#text
      this.#text = ''
      return text.length >= LENGTH_MIN ? readOf(text) : null
    }
    // Keys with names (Shift, AltGraph) come between the characters and are none.
    if (Array.from(key).length === 1) this.#text = (this.#text + key).slice(-LENGTH_MAX)
    return null
  }
}

/** A read that broke off may stand before the whole code: what counts is how the text ends. */
function readOf(text: string): Read {
  const code = text.slice(-TICKET_CODE_LENGTH)
  return readTicketCode(code) === null ? { kind: 'broken', text } : { kind: 'code', text: code }
}

/** A field's text without the end that a burst wrote into it, cut short where the field was full. */
export function withoutBurst(text: string, burst: string): string {
  for (let length = Math.min(text.length, burst.length); length > 0; length--) {
    if (text.endsWith(burst.slice(0, length))) return text.slice(0, -length)
  }
  return text
}
