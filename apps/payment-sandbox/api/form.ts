import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../refusal.ts'

const PAIRS_MAX = 1000

/** Lets the routes of this scope take `application/x-www-form-urlencoded`: their body is `URLSearchParams`. */
export function acceptForms(app: FastifyInstance): void {
  const decode = async (_request: FastifyRequest, body: string): Promise<URLSearchParams> => decodeForm(body)
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, decode)
}

/** Nesting stays in the names: `metadata[a]`, `expand[0]`, `expand[]`. Refused beyond 1,000 pairs. */
export function decodeForm(text: string): URLSearchParams {
  const form = new URLSearchParams(text)
  if (form.size <= PAIRS_MAX) return form
  throw new Refusal(400, { type: 'invalid_request_error', message: 'Too many parameters.' })
}
