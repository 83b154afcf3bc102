import type { Provider } from '../provider.ts'
import { openStripe } from './stripe.ts'

/** Stripe by its slice of the configuration: `api_base`, `secret_key`, `webhook_secret` (several by comma). */
export function stripeFrom(
  settings: Readonly<Record<string, string>>,
  onBreaker: (state: 'closed' | 'open') => void,
): Provider {
  const { api_base = '', secret_key = '', webhook_secret = '' } = settings
  return openStripe({
    api_base,
    secret_key,
    webhook_secrets: webhook_secret.split(',').filter((secret) => secret.trim() !== ''),
    onBreaker,
  })
}
