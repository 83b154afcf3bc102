import { Refusal } from '../refusal.ts'

const SECRET_KEY = /^sk_test_[A-Za-z0-9_-]{1,250}$/

/** Any test secret key opens the sandbox, as a Bearer token or as the user name of Basic. Everything else is a 401. */
export function authenticate(authorization: string | undefined): void {
  const [scheme = '', credentials = ''] = (authorization ?? '').split(' ', 2)
  const key = /^basic$/i.test(scheme) ? userName(credentials) : /^bearer$/i.test(scheme) ? credentials : ''
  if (SECRET_KEY.test(key)) return
  throw new Refusal(401, {
    type: 'invalid_request_error',
    message:
      key === ''
        ? "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        : `Invalid API Key provided: ${masked(key)}. The sandbox accepts test secret keys (sk_test_…) only.`,
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
