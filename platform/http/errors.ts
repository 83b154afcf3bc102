import type { FastifyError, FastifyInstance } from 'fastify'
import { SaturatedError } from '#platform/batching'
import { isOutage } from '#platform/db'
import type { Telemetry } from '#platform/telemetry'
import { MalformedBodyError } from './body.ts'
import { BodyBudgetError } from './body-budget.ts'
import { sendRefusal } from './pipeline.ts'
import { type ProblemTable, type Refusal, refusalFrom } from './refusal.ts'

/** Turns every error into one problem; errors other than refusals are logged whole and reveal nothing private. */
export function handleErrors(fastify: FastifyInstance, table: ProblemTable, telemetry: Telemetry): void {
  fastify.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = refusalOf(table, error)
    if (refusal.status >= 500)
      telemetry.log.error(
        { err: error, request_id: request.tessera.request_id, operation: request.routeOptions.config.operation },
        'request failed',
      )
    sendRefusal(request, reply, refusal)
  })
  fastify.setNotFoundHandler((request, reply) => sendRefusal(request, reply, refusalFrom(table, 'not-found')))
}

/** Values that PostgreSQL cannot store and no schema forbids, by error code: the request's fault, not ours. */
const UNSTORABLE: Readonly<Record<string, string>> = {
  '22021': 'There is a NUL character in it.',
  '22007': 'A date or time in it does not exist.',
  '22008': 'A date or time in it does not exist.',
  '22009': 'A time in it has an offset that no time zone has.',
}

function refusalOf(table: ProblemTable, error: FastifyError): Refusal {
  if (error.validation !== undefined) return invalid(table, error)
  if (error instanceof MalformedBodyError) return refusalFrom(table, 'malformed-request', error.message)
  if (error instanceof BodyBudgetError)
    return refusalFrom(table, 'too-many-requests', 'Too many bytes are being uploaded.', error.retry_after_s)
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refusalFrom(table, 'too-large')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refusalFrom(table, 'unsupported-media-type', 'Send the body as application/json.')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
      return refusalFrom(table, 'malformed-request', error.message)
    default:
  }
  if (error instanceof SaturatedError) return refusalFrom(table, 'unavailable', 'Too many requests wait; try again.', 1)
  // Also a deadlock or a statement that took too long: the same request may succeed.
  if (isOutage(error)) {
    return refusalFrom(table, 'unavailable', 'Try again with the same Idempotency-Key; nothing happens twice.', 1)
  }
  const unstorable = UNSTORABLE[error.code]
  if (unstorable !== undefined) return refusalFrom(table, 'malformed-request', unstorable)
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return refusalFrom(table, 'malformed-request', error.message)
  }
  return refusalFrom(table, 'internal-error')
}

function invalid(table: ProblemTable, error: FastifyError): Refusal {
  const errors = (error.validation ?? []).slice(0, 50).map((problem) => ({
    pointer: `${error.validationContext === 'body' ? '' : `/${error.validationContext ?? ''}`}${problem.instancePath}${missingName(problem.params)}`,
    detail: problem.message ?? 'is not valid',
  }))
  return {
    ...refusalFrom(
      table,
      'malformed-request',
      `The ${error.validationContext ?? 'request'} does not have the form this operation takes.`,
    ),
    members: { errors },
  }
}

function missingName(params: Record<string, unknown>): string {
  const name = params.missingProperty ?? params.additionalProperty
  return typeof name === 'string' ? `/${name}` : ''
}
