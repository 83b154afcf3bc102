import type Stripe from 'stripe'
import type { WebhookRead, WebhookRequest } from '../provider.ts'
import { readEvent } from './events.ts'

/** Stripe's own tolerance for the age of a signature. */
const SIGNATURE_TOLERANCE_S = 300
/** A time and at least one signature, none of them empty: the SDK throws something else than a refusal at other forms. */
const SIGNATURE_HEADER = /^t=\d{1,12}(?:,v\d{1,2}=[0-9a-f]{1,128}){1,20}$/

/**
 * The event of a webhook whose signature fits the raw bytes by one of the secrets. Everything else is untrusted, also
 * what is rightly signed and no event.
 */
export function readStripeWebhook(client: Stripe, secrets: readonly string[], request: WebhookRequest): WebhookRead {
  if (secrets.length === 0) return { kind: 'unconfigured' }
  const signature = request.headers['stripe-signature']
  if (typeof signature !== 'string' || !SIGNATURE_HEADER.test(signature)) return { kind: 'untrusted' }
  for (const secret of secrets) {
    const event = readEvent(parsed(client, request.raw, signature, secret))
    if (event !== null) return { kind: 'event', event }
  }
  return { kind: 'untrusted' }
}

/** Undefined when the signature does not fit or the body is no JSON: whatever the SDK throws comes from the request. */
function parsed(client: Stripe, raw: Buffer, signature: string, secret: string): unknown {
  try {
    return client.webhooks.constructEvent(raw, signature, secret, SIGNATURE_TOLERANCE_S)
  } catch {
    return undefined
  }
}
