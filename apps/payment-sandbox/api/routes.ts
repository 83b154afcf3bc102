import type { FastifyInstance } from 'fastify'
import type { Core } from '../core.ts'
import { Refusal, type Report } from '../refusal.ts'
import * as charges from './charges.ts'
import * as events from './events.ts'
import * as intents from './payment-intents.ts'
import * as refunds from './refunds.ts'
import { serve, type Verb } from './serve.ts'

const BODY_MAX_BYTES = 1024 * 1024

const ROUTES: readonly (readonly ['GET' | 'POST', string, Verb])[] = [
  ['POST', '/payment_intents', intents.create],
  ['GET', '/payment_intents', intents.list],
  ['GET', '/payment_intents/:id', intents.retrieve],
  ['POST', '/payment_intents/:id', intents.update],
  ['POST', '/payment_intents/:id/confirm', intents.confirm],
  ['POST', '/payment_intents/:id/cancel', intents.cancel],
  ['GET', '/charges', charges.list],
  ['GET', '/charges/:id', charges.retrieve],
  ['GET', '/disputes', charges.listDisputes],
  ['GET', '/disputes/:id', charges.retrieveDispute],
  ['GET', '/balance_transactions', charges.listBalanceTransactions],
  ['GET', '/balance_transactions/:id', charges.retrieveBalanceTransaction],
  ['POST', '/refunds', refunds.create],
  ['GET', '/refunds', refunds.list],
  ['GET', '/refunds/:id', refunds.retrieve],
  ['POST', '/refunds/:id', refunds.update],
  ['GET', '/events', events.list],
  ['GET', '/events/:id', events.retrieve],
]

/** The part of Stripe's API that Tessera uses, under `/v1`. */
export function apiRoutes(core: Core, report: Report): (app: FastifyInstance) => Promise<void> {
  const inUse = new Set<string>()
  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BODY_MAX_BYTES },
      (_request, body, done) => done(null, body),
    )
    for (const [method, url, verb] of ROUTES) {
      app.route({ method, url, handler: (request, reply) => serve(core, inUse, request, reply, verb) })
    }
    app.setNotFoundHandler((request, reply) => {
      const message = `Unrecognized request URL (${request.method}: ${request.url}). The sandbox speaks a part of the API: see its README.`
      return reply.code(404).send({ error: { type: 'invalid_request_error', message } })
    })
    app.setErrorHandler((error, _request, reply) => {
      const { status, body } = asRefusal(error)
      if (status >= 500) report(error)
      return reply.code(status).type('application/json').send({ error: body })
    })
  }
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  if (status === 415) {
    const message = 'Invalid request (check that your POST content type is application/x-www-form-urlencoded).'
    return new Refusal(400, { type: 'invalid_request_error', message })
  }
  if (status >= 400 && status < 500) {
    return new Refusal(status, { type: 'invalid_request_error', message: 'The request could not be read.' })
  }
  return new Refusal(500, { type: 'api_error', message: 'The sandbox failed. Its log says why.' })
}
