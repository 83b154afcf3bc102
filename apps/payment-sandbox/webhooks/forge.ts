import { signature } from './sign.ts'

/** What an attacker, or a broken middle box, might send. */
export const FORGERIES = ['body', 'signature', 'stale'] as const
export type Forgery = (typeof FORGERIES)[number]

const STALE_S = 301

/** An unacceptable delivery of a genuine event. */
export function forge(
  kind: Forgery,
  body: string,
  secrets: readonly string[],
  now_s: number,
): { body: string; signature: string } {
  switch (kind) {
    case 'body':
      // Every object that an event carries has an amount.
      return { body: body.replace(/"amount": (\d+)/, '"amount": 1$1'), signature: signature(body, secrets, now_s) }
    case 'signature':
      return { body, signature: signature(body, ['whsec_of_somebody_else'], now_s) }
    case 'stale':
      return { body, signature: signature(body, secrets, now_s - STALE_S) }
  }
}
