import { createHmac } from 'node:crypto'

/** The `Stripe-Signature` of a raw body: one `v1` per secret, two while a secret is being rotated. */
export function signature(body: string, secrets: readonly string[], now_s: number): string {
  const signed = `${now_s}.${body}`
  const each = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(signed).digest('hex')}`)
  return [`t=${now_s}`, ...each].join(',')
}
