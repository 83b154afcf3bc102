import type { Call, Idempotency } from '#platform/http'

/** The HTTP pipeline has required both: a principal on every route that is not public, a key where one is due. */
export function signed(call: Pick<Call, 'principal' | 'idempotency'>): {
  principal: NonNullable<Call['principal']>
  idempotency: Idempotency
} {
  const { principal, idempotency } = call
  if (principal === null || idempotency === null) throw new Error('A call came in without principal or key')
  return { principal, idempotency }
}
