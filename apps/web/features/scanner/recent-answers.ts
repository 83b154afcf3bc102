import type { DoorAnswer } from './answer.ts'

/** So long after a code was answered, or after the picture last showed it, it has the same answer. */
const RECENT_MS = 5_000

/**
 * The answers that this device has just had, by code. A ticket that stays or comes back before the camera, and a hand
 * scanner that fires twice, get the answer that stands: the server would call the guest who was just let in "already in".
 */
export class RecentAnswers {
  readonly #answers = new Map<string, { answer: DoorAnswer; at_ms: number }>()

  of(code: string, now_ms: number): DoorAnswer | null {
    this.#forgetOld(now_ms)
    return this.#answers.get(code)?.answer ?? null
  }

  answered(code: string, answer: DoorAnswer, now_ms: number): void {
    this.#answers.set(code, { answer, at_ms: now_ms })
  }

  /** The picture shows these codes: their answers stay while it does. */
  seen(codes: readonly string[], now_ms: number): void {
    this.#forgetOld(now_ms)
    for (const code of codes) {
      const known = this.#answers.get(code)
      if (known !== undefined) known.at_ms = now_ms
    }
  }

  forget(code: string): void {
    this.#answers.delete(code)
  }

  #forgetOld(now_ms: number): void {
    for (const [code, { at_ms }] of this.#answers) if (now_ms - at_ms > RECENT_MS) this.#answers.delete(code)
  }
}
