import { learnServerTime } from '../ui/server-clock.ts'
import { client } from './generated/client.gen.ts'
import { isProblem, Problem, problemFrom } from './problem.ts'
import { csrfToken, forgetSession, rememberSession, sessionIsLikely } from './session-memory.ts'

/** What a caller may add to an operation: headers of the visitor (on the server), and a signal. */
export type Call = { headers?: Record<string, string>; signal?: AbortSignal }

const AUTH_PATH = '/api/v1/auth/'
const ME_PATH = '/api/v1/users/me'
const TIMEOUT_MS = 10_000
/** The payment provider is asked on the way; and a guest stands at the door and waits. */
const TIMEOUTS_MS: Readonly<Record<string, number>> = {
  '/api/v1/payments/intent': 20_000,
  '/api/v1/checkins': 5_000,
}
const RETRIES_MAX = 2
const RETRY_BASE_MS = 300
const RETRY_WAIT_MS_MAX = 3_000

const on_server = typeof window === 'undefined'

/**
 * How the generated client calls: a refusal is thrown as a `Problem`. Repeats only what may be repeated (reads, and writes
 * that carry an idempotency key), and only after no answer at all or 502/503/504. In the browser a session that has run
 * out is renewed once, without the person noticing.
 */
client.setConfig({
  baseUrl: on_server ? (process.env.TESSERA_API_ORIGIN ?? 'http://127.0.0.1:3000') : '',
  cache: 'no-store',
  throwOnError: true,
  fetch: (request) => patiently(new Request(request)),
})

async function patiently(request: Request): Promise<Response> {
  const repeatable = request.method === 'GET' || request.headers.has('idempotency-key')
  for (let attempt = 0; ; attempt++) {
    try {
      return await once(request.clone())
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (!on_server && attempt === 0 && (await renewed(pathOf(request), error))) continue
      const passing = error.slug === 'unreachable' || [502, 503, 504].includes(error.status)
      if (!passing || !repeatable || attempt >= RETRIES_MAX || request.signal.aborted) throw error
      const wait_ms = error.retry_after_s ? error.retry_after_s * 1_000 : RETRY_BASE_MS * 2 ** attempt
      if (wait_ms > RETRY_WAIT_MS_MAX) throw error
      await new Promise((resolve) => setTimeout(resolve, wait_ms * (0.75 + Math.random() / 2)))
    }
  }
}

async function once(request: Request): Promise<Response> {
  const path = pathOf(request)
  const timeout = AbortSignal.timeout(TIMEOUTS_MS[path] ?? TIMEOUT_MS)
  if (!on_server && request.method !== 'GET') signSession(request.headers)
  let response: Response
  try {
    response = await fetch(request, { signal: AbortSignal.any([request.signal, timeout]) })
  } catch (error) {
    if (request.signal.aborted) throw error
    throw new Problem('unreachable', 0)
  }
  if (!on_server) learnServerTime(response.headers.get('date'))
  if (!response.ok) throw await problemFrom(response)
  const tells = !on_server && response.status !== 204 && (path.startsWith(AUTH_PATH) || path === ME_PATH)
  if (tells) rememberSession(await response.clone().json())
  return response
}

/** A write from the browser's session, by our own script. The token is that of now: a renewal changes it. */
function signSession(headers: Headers): void {
  headers.set('x-session', 'cookie')
  const csrf = csrfToken()
  if (csrf) headers.set('x-csrf-token', csrf)
}

function pathOf(request: Request): string {
  return new URL(request.url).pathname
}

async function renewed(path: string, problem: Problem): Promise<boolean> {
  const stale = problem.slug === 'unauthenticated' || problem.slug === 'csrf-token-missing'
  return stale && !path.startsWith(AUTH_PATH) && sessionIsLikely() && (await renewSession())
}

let renewal: Promise<boolean> | undefined

/** Asks for a new access token; false when there is no session to renew. Callers at the same time share one question. */
export function renewSession(): Promise<boolean> {
  const headers = { 'content-type': 'application/json' }
  renewal ??= once(new Request(`${AUTH_PATH}refresh`, { method: 'POST', headers, body: '{}' }))
    .then(
      () => true,
      (error: unknown) => {
        if (isProblem(error, 'unauthenticated')) forgetSession()
        return false
      },
    )
    .finally(() => {
      renewal = undefined
    })
  return renewal
}
