import type { ProblemSlug } from '@tessera/contracts/problems'

/** Besides the API's own slugs: `unreachable` (no answer came), `unknown` (an answer that is no problem document). */
export type Slug = ProblemSlug | 'unreachable' | 'unknown'

/** A refusal or failure of an API call. `members` holds what the slug adds (`unavailable`, `first_admitted_at` …). */
export class Problem extends Error {
  readonly slug: Slug
  readonly status: number
  readonly detail: string | undefined
  readonly request_id: string | undefined
  readonly fields: readonly { pointer: string; detail: string }[]
  readonly members: Readonly<Record<string, unknown>>
  /** Seconds the server asks us to wait, from `Retry-After`. */
  readonly retry_after_s: number | undefined

  constructor(slug: Slug, status: number, members: Record<string, unknown> = {}, retry_after_s?: number) {
    super(typeof members.title === 'string' ? members.title : slug)
    this.name = 'Problem'
    this.slug = slug
    this.status = status
    this.detail = typeof members.detail === 'string' ? members.detail : undefined
    this.request_id = typeof members.request_id === 'string' ? members.request_id : undefined
    this.fields = Array.isArray(members.errors) ? members.errors : []
    this.members = members
    this.retry_after_s = retry_after_s
  }
}

export function isProblem(error: unknown, ...slugs: Slug[]): error is Problem {
  return error instanceof Problem && (slugs.length === 0 || slugs.includes(error.slug))
}

/** Reads an error answer; anything that is not a problem document becomes `unknown` with its status. */
export async function problemFrom(response: Response): Promise<Problem> {
  const retry = Number(response.headers.get('retry-after'))
  const retry_after_s = Number.isFinite(retry) && retry > 0 ? retry : undefined
  const body: unknown = await response.json().catch(() => undefined)
  if (typeof body !== 'object' || body === null || !('type' in body) || typeof body.type !== 'string')
    return new Problem('unknown', response.status, {}, retry_after_s)
  const slug = body.type.slice(body.type.lastIndexOf('/') + 1) as Slug
  return new Problem(slug, response.status, { ...body }, retry_after_s)
}
