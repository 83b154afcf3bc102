import { learnServerTime } from '../ui/server-clock.ts'
import { isProblem, Problem, problemFrom } from './problem.ts'
import { csrfToken, forgetSession, rememberSession, sessionIsLikely } from './session-memory.ts'

/** What a caller may add to an operation: headers of the visitor (on the server), and a signal. */
export type Call = { headers?: Record<string, string>; signal?: AbortSignal }

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** An operation as the generated types describe it. */
type Operation = {
  url: string
  path?: Readonly<Record<string, string>> | undefined
  query?: object | undefined
  body?: unknown
  headers?: unknown
}

/** What an operation takes: its path, query and body, and the key of the intent where the API demands one. */
export type Input<Of extends Operation> = Omit<Of, 'url' | 'headers'> &
  (Of extends { headers: { 'idempotency-key': string } } ? { idempotency_key: string } : { idempotency_key?: string })

type Request = Call & {
  method: Method
  path?: Readonly<Record<string, string>> | undefined
  query?: object | undefined
  body?: unknown
  idempotency_key?: string | undefined
  timeout_ms?: number
}

const AUTH_URLS = '/api/v1/auth/'
const TIMEOUT_MS = 10_000
const RETRIES_MAX = 2
const RETRY_BASE_MS = 300
const RETRY_WAIT_MS_MAX = 3_000

const on_server = typeof window === 'undefined'

/**
 * One call of an operation: typed answer, or a thrown `Problem`. Repeats only what may be repeated (reads, and writes
 * that carry an idempotency key), and only after no answer at all or 502/503/504. In the browser a session that has run
 * out is renewed once, without the person noticing.
 */
export async function send<Of extends Operation, Answer>(
  method: Method,
  url: Of['url'],
  input: Input<Of>,
  call: Call & { timeout_ms?: number } = {},
): Promise<Answer> {
  const request: Request = { ...call, ...input, method }
  const repeatable = method === 'GET' || request.idempotency_key !== undefined
  for (let attempt = 0; ; attempt++) {
    try {
      return await once<Answer>(url, request)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (!on_server && attempt === 0 && (await renewed(url, error))) continue
      const passing = error.slug === 'unreachable' || [502, 503, 504].includes(error.status)
      if (!passing || !repeatable || attempt >= RETRIES_MAX || call.signal?.aborted) throw error
      const wait_ms = error.retry_after_s ? error.retry_after_s * 1_000 : RETRY_BASE_MS * 2 ** attempt
      if (wait_ms > RETRY_WAIT_MS_MAX) throw error
      await new Promise((resolve) => setTimeout(resolve, wait_ms * (0.75 + Math.random() / 2)))
    }
  }
}

async function once<T>(url: string, options: Request): Promise<T> {
  const timeout = AbortSignal.timeout(options.timeout_ms ?? TIMEOUT_MS)
  const init: RequestInit = {
    method: options.method,
    headers: headersOf(options),
    signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    cache: 'no-store',
  }
  if (options.body !== undefined) init.body = JSON.stringify(options.body)
  let response: Response
  try {
    response = await fetch(address(url, options), init)
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new Problem('unreachable', 0)
  }
  if (!on_server) learnServerTime(response.headers.get('date'))
  if (!response.ok) throw await problemFrom(response)
  if (response.status === 204) return undefined as T
  const body = await response.json()
  if (!on_server) rememberSession(body)
  return body as T
}

function headersOf(options: Request): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers }
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  if (options.idempotency_key) headers['idempotency-key'] = options.idempotency_key
  if (on_server || options.method === 'GET') return headers
  headers['x-session'] = 'cookie'
  const csrf = csrfToken()
  if (csrf) headers['x-csrf-token'] = csrf
  return headers
}

/** `/api/v1/events/{event_id}` with its parts filled in; ids are escaped, whatever they hold. */
function address(url: string, { path = {}, query = {} }: Request): string {
  const origin = on_server ? (process.env.TESSERA_API_ORIGIN ?? 'http://127.0.0.1:3000') : ''
  const filled = url.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(name, String(value))
  }
  const text = params.toString()
  return `${origin}${filled}${text ? `?${text}` : ''}`
}

async function renewed(url: string, problem: Problem): Promise<boolean> {
  const stale = problem.slug === 'unauthenticated' || problem.slug === 'csrf-token-missing'
  return stale && !url.startsWith(AUTH_URLS) && sessionIsLikely() && (await renewSession())
}

let renewal: Promise<boolean> | undefined

/** Asks for a new access token; false when there is no session to renew. Callers at the same time share one question. */
export function renewSession(): Promise<boolean> {
  renewal ??= once('/api/v1/auth/refresh', { method: 'POST', body: {} })
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
