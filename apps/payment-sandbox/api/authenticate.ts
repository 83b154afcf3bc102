import { Refusal } from '../refusal.ts'
import type { Store } from '../store.ts'

const PUBLISHABLE_KEY = /^pk_test_[A-Za-z0-9_-]{1,250}$/
const OWN_INTENT = /^\/v1\/payment_intents\/[^/]+(?:\/confirm)?$/

/**
 * Lets in the holders of a secret key that the sandbox was given, as a Bearer token or as the user name of Basic; and,
 * as Stripe does, a browser with any publishable key and the secret of the one intent that it asks for. Everything else
 * is a 401.
 */
export function authenticate(
  store: Store,
  secret_keys: readonly string[],
  authorization: string | undefined,
  request: { path: string; object_id: string; form: URLSearchParams },
): void {
  const [scheme = '', credentials = ''] = (authorization ?? '').split(' ', 2)
  const key = /^basic$/i.test(scheme) ? userName(credentials) : /^bearer$/i.test(scheme) ? credentials : ''
  if (secret_keys.includes(key)) return
  if (PUBLISHABLE_KEY.test(key) && OWN_INTENT.test(request.path)) {
    const intent = store.get('payment_intents', request.object_id)
    if (intent !== undefined && intent.client_secret === request.form.get('client_secret')) return
  }
  throw new Refusal(401, {
    type: 'invalid_request_error',
    message:
      key === ''
        ? "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        : `Invalid API Key provided: ${masked(key)}. The sandbox accepts only the test keys that it was started with.`,
  })
}

function userName(credentials: string): string {
  const text = Buffer.from(credentials, 'base64').toString('latin1')
  return text.slice(0, text.includes(':') ? text.indexOf(':') : undefined)
}

/** Enough to recognise one's own key by, never enough to use it. */
function masked(key: string): string {
  return `${key.slice(0, 8)}****${key.length > 16 ? key.slice(-4) : ''}`
}
