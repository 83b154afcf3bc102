import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify'
import { BODY_BYTES_MAX } from './body.ts'
import { CountedBody } from './body-budget.ts'
import { sourcesOf } from './client-address.ts'
import type { AnyRoute } from './definition.ts'
import { addressOf, type Pipeline, sendRefusal } from './pipeline.ts'
import { refusalFrom } from './refusal.ts'

type Done = (error?: Error | null, payload?: RequestPayload) => void
type BeforeBody = (request: FastifyRequest, reply: FastifyReply, payload: RequestPayload, done: Done) => void

/**
 * The checks between the pipeline and the first byte of a body: the route's own authorization, then, for large bodies,
 * their budget. Undefined for routes that have neither.
 */
export function beforeBody<Permission extends string>(
  pipeline: Pipeline<Permission>,
  definition: AnyRoute,
): BeforeBody | undefined {
  const { authorize, body_bytes_max = BODY_BYTES_MAX } = definition
  if (authorize === undefined && body_bytes_max <= BODY_BYTES_MAX) return undefined
  return (request, reply, payload, done) => {
    const read = (): void => budgeted(pipeline, body_bytes_max, request, reply, payload, done)
    const { principal } = request.tessera
    if (authorize === undefined || principal === null) return read()
    const decide = async (): Promise<void> => {
      const refused = await authorize({ principal, params: request.params })
      if (refused === null) read()
      else sendRefusal(request, reply, refused)
    }
    void decide().catch((error: unknown) => reply.send(error))
  }
}

/** Reserves the bytes of a large body, or of one of unknown length, before they are read. */
function budgeted<Permission extends string>(
  { body_budget, problems }: Pipeline<Permission>,
  bytes_max: number,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: RequestPayload,
  done: Done,
): void {
  const length = request.headers['content-length']
  const announced = Number(length ?? 0)
  const isSmall =
    length === undefined ? request.headers['transfer-encoding'] === undefined : announced <= BODY_BYTES_MAX
  // Bodies beyond the route's limit are refused by their length, unread.
  if (body_budget === null || isSmall || announced > bytes_max) return done(null, payload)
  // The client left while the request was authorized: its end is not reported again, and its bytes would stay reserved.
  if (reply.raw.destroyed) return
  const { principal } = request.tessera
  const account = principal === null || principal.guest ? sourcesOf(addressOf(request))[0].source : principal.user_id
  const reservation = body_budget.reserve(account, announced)
  if (reservation.kind === 'over-budget') {
    const detail = 'Too many bytes are being uploaded, or were in this hour.'
    return sendRefusal(request, reply, refusalFrom(problems, 'too-many-requests', detail, reservation.retry_after_s))
  }
  // The handler keeps the body until it has answered.
  reply.raw.once('close', reservation.release)
  const counted = new CountedBody(reservation)
  payload.on('error', (error) => counted.destroy(error))
  return done(null, payload.pipe(counted))
}
