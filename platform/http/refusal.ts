/** A refusal as the HTTP pipeline sends it; contexts make them with `problem()` from contracts. */
export type Refusal = {
  kind: 'problem'
  slug: string
  status: number
  title: string
  detail?: string
  members?: Readonly<Record<string, unknown>>
  retry_after_s?: number
}

/** Statuses and titles of the HTTP pipeline's own refusals. */
export type EdgeSlug =
  | 'malformed-request'
  | 'unauthenticated'
  | 'forbidden'
  | 'csrf-token-missing'
  | 'not-found'
  | 'precondition-failed'
  | 'too-large'
  | 'unsupported-media-type'
  | 'idempotency-key-required'
  | 'idempotency-mismatch'
  | 'too-many-requests'
  | 'internal-error'
  | 'unavailable'

export type ProblemTable = Readonly<Record<EdgeSlug, { status: number; title: string }>>

export function refusalFrom(table: ProblemTable, slug: EdgeSlug, detail?: string, retry_after_s?: number): Refusal {
  return {
    kind: 'problem',
    slug,
    ...table[slug],
    ...(detail === undefined ? {} : { detail }),
    ...(retry_after_s === undefined ? {} : { retry_after_s }),
  }
}

/** The RFC 9457 body; `type` is the path of the problem's page on our own origin. */
export function problemBody(refusal: Refusal, instance: string, request_id: string): Record<string, unknown> {
  return {
    type: `/problems/${refusal.slug}`,
    title: refusal.title,
    status: refusal.status,
    ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
    instance,
    request_id,
    ...refusal.members,
  }
}
