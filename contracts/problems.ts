import { type Static, Type } from 'typebox'

/**
 * Every refusal the API can give: slug → status and title. `type` is `/problems/<slug>`, a page under docs/problems;
 * a test demands that code, docs and OpenAPI know the same slugs.
 */
export const PROBLEMS = {
  'malformed-request': { status: 400, title: 'The request is malformed' },
  'bad-signature': { status: 400, title: 'The signature does not match' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  'wrong-credentials': { status: 401, title: 'E-mail or password is wrong' },
  'payment-failed': { status: 402, title: 'The payment was declined' },
  'payment-required': { status: 402, title: 'This booking has not been paid' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  'csrf-token-missing': { status: 403, title: 'The CSRF token is missing or wrong' },
  'not-found': { status: 404, title: 'There is nothing here' },
  conflict: { status: 409, title: 'The current state does not allow this' },
  'email-taken': { status: 409, title: 'This e-mail address has an account' },
  'seat-unavailable': { status: 409, title: 'Not available' },
  'already-admitted': { status: 409, title: 'A ticket of this booking has been used' },
  'already-used': { status: 409, title: 'This ticket has been used' },
  'not-publishable': { status: 409, title: 'This event cannot go on sale yet' },
  'chart-in-use': { status: 409, title: 'A chart in use cannot change' },
  'hold-expired': { status: 410, title: 'The hold has expired' },
  'precondition-failed': { status: 412, title: 'It has changed since you read it' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'Send JSON' },
  'invalid-input': { status: 422, title: 'Some values cannot be accepted' },
  'invalid-chart': { status: 422, title: 'The seating chart cannot be used' },
  'unknown-seats': { status: 422, title: 'Some seats are not part of this performance' },
  'limit-exceeded': { status: 422, title: 'This is more than one order may take' },
  'not-on-sale': { status: 422, title: 'Tickets are not on sale now' },
  'idempotency-mismatch': { status: 422, title: 'This key was used with another request' },
  'void-ticket': { status: 422, title: 'This ticket is void' },
  'wrong-performance': { status: 422, title: 'This ticket is for another performance' },
  'unknown-code': { status: 422, title: 'This is not one of our tickets' },
  'refund-refused': { status: 422, title: 'This amount cannot be refunded' },
  'idempotency-key-required': { status: 428, title: 'Send an Idempotency-Key' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'too-many-holds': { status: 429, title: 'Too many seats are on hold' },
  'too-many-payments': { status: 429, title: 'Too many payment attempts' },
  'too-many-attempts': { status: 429, title: 'Too many failed attempts' },
  'internal-error': { status: 500, title: 'Something broke on our side' },
  unavailable: { status: 503, title: 'We are busy; try again in a moment' },
} as const

export type ProblemSlug = keyof typeof PROBLEMS

/** A position in the body, as a JSON Pointer, and the error there. */
export const FieldError = Type.Object({ pointer: Type.String(), detail: Type.String() })
export type FieldError = Static<typeof FieldError>

/** RFC 9457 problem details as every error answer carries them; further members depend on the slug. */
export const ProblemBody = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    instance: Type.Optional(Type.String()),
    request_id: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(FieldError)),
  },
  { $id: 'Problem', additionalProperties: true },
)
export type ProblemBody = Static<typeof ProblemBody>

/** A refusal on its way to the edge. `members` are the extra members of that slug, such as `unavailable: [seat ids]`. */
export type Problem = {
  kind: 'problem'
  slug: ProblemSlug
  status: number
  title: string
  detail?: string
  members?: Readonly<Record<string, unknown>>
  retry_after_s?: number
}

/** Makes the refusal that a route answers with: `problem('seat-unavailable', 'A-12 just went.', { unavailable: ['A-12'] })`. */
export function problem(
  slug: ProblemSlug,
  detail?: string,
  members?: Readonly<Record<string, unknown>>,
  retry_after_s?: number,
): Problem {
  return {
    kind: 'problem',
    slug,
    ...PROBLEMS[slug],
    ...(detail === undefined ? {} : { detail }),
    ...(members === undefined ? {} : { members }),
    ...(retry_after_s === undefined ? {} : { retry_after_s }),
  }
}
