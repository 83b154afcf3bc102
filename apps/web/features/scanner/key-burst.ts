/** A hand scanner types faster than any hand: this is the longest pause within one code, in milliseconds. */
const PAUSE_MS_MAX = 60
/** Shorter bursts are a hand that rolls over the keys. */
const LENGTH_MIN = 8
const LENGTH_MAX = 500

/**
 * Tells a hand scanner, which is a keyboard to the browser, from a hand. Modes: quiet → in a burst (each key soon after
 * the one before) → a code, when Enter ends a burst that is long enough; a pause leads back to quiet.
 */
export class KeyBurst {
  #text = ''
  #at_ms = Number.NEGATIVE_INFINITY

  /** Takes a key with its time; the code when this key ended one. */
  press(key: string, at_ms: number): string | null {
    if (at_ms - this.#at_ms > PAUSE_MS_MAX) this.#text = ''
    this.#at_ms = at_ms
    if (key === 'Enter' || key === 'Tab') {
      const text = this.#text
      this.#text = ''
      return text.length >= LENGTH_MIN ? text : null
    }
    // Keys with names (Shift, AltGraph) come between the characters and are none.
    if (Array.from(key).length === 1 && this.#text.length < LENGTH_MAX) this.#text += key
    return null
  }
}

/** A field's text without the end that a burst wrote into it, cut short where the field was full. */
export function withoutBurst(text: string, burst: string): string {
  for (let length = Math.min(text.length, burst.length); length > 0; length--) {
    if (text.endsWith(burst.slice(0, length))) return text.slice(0, -length)
  }
  return text
}
