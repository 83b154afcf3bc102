import { isProblem } from './problem.ts'

/** What a route handler answers when the API refused its call; every other error is thrown on. */
export function routeRefusal(error: unknown): Response {
  if (isProblem(error, 'not-found', 'malformed-request')) return new Response('There is no such event', { status: 404 })
  if (isProblem(error, 'too-many-requests', 'unavailable')) {
    const headers = { 'retry-after': String(error.retry_after_s ?? 1), 'cache-control': 'no-store' }
    return new Response('Too many requests. Try again a little later.', { status: error.status, headers })
  }
  throw error
}
