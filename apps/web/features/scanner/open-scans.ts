import type { CheckinBody } from '../../api/bodies.ts'

/** One scan as it is asked: asked again under its key with the same body, it is answered as the first time. */
export type Scan = { body: CheckinBody; idempotency_key: string }

/**
 * Scans that no answer came to, by code. The same code again is the same scan, not a second one: the answer that was lost
 * may have let the guest in, and a new scan would call an honest guest "already in".
 */
export class OpenScans {
  readonly #open = new Map<string, Scan>()

  of(code: string, make: () => Scan): Scan {
    const scan = this.#open.get(code) ?? make()
    this.#open.set(code, scan)
    return scan
  }

  answered(code: string): void {
    this.#open.delete(code)
  }
}
