import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { arrive, sendRefusal } from './pipeline.ts'
import { type ProblemTable, problemBody, refusalFrom } from './refusal.ts'

const DETAILS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'The address and headers are too long.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request took too long to arrive.',
}

/**
 * Sends refusals of the router and of Node.js's parser, which precede any route, in the form of every other refusal.
 */
export function refuseUnparsable(problems: ProblemTable) {
  return {
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
      arrive(request, reply)
      sendRefusal(request, reply, refusalFrom(problems, 'malformed-request', error.message))
    },
    clientErrorHandler: (error: Error & { code?: string }, socket: Socket): void => {
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
      const detail = DETAILS[error.code ?? ''] ?? 'This is not an HTTP request.'
      const refusal = refusalFrom(problems, 'malformed-request', detail)
      const body = JSON.stringify(problemBody(refusal, '/', ''))
      socket.end(
        [
          `HTTP/1.1 ${refusal.status} Bad Request`,
          'content-type: application/problem+json; charset=utf-8',
          `content-length: ${Buffer.byteLength(body)}`,
          'connection: close',
          '',
          body,
        ].join('\r\n'),
      )
    },
  }
}

/** An unknown expectation is no reason to refuse the request (RFC 9110, 10.1.1: it may be). */
export function expectNothing(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response)
  })
}
