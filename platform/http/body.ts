import type { FastifyInstance } from 'fastify'

export const BODY_BYTES_MAX = 1_048_576
/** Real bodies are flat; a chart nests 8 deep. */
const DEPTH_MAX = 64

/** A body that is not what it says: answered with 400. */
export class MalformedBodyError extends Error {
  override name = 'MalformedBodyError'
}

/** JSON only (and raw bytes for routes that ask), refused early when it nests absurdly or poisons a prototype. */
export function addBodyParsers(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error')
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser(
    /^application\/(?:[\w.-]+\+)?json(?:;|$)/,
    { parseAs: 'buffer' },
    (request, body: Buffer, done) => {
      if (request.routeOptions.config.raw_body === true) return done(null, body)
      if (body.length === 0) return done(null, {})
      if (depthOf(body) > DEPTH_MAX)
        return done(new MalformedBodyError(`The body nests deeper than ${DEPTH_MAX} levels.`))
      return parseJson(request, body.toString('utf8'), (error, value) =>
        error === null ? done(null, value) : done(new MalformedBodyError('The body is not valid JSON.')),
      )
    },
  )
}

/** The deepest nesting of brackets outside strings, without parsing: the parser's stack is not at the sender's mercy. */
function depthOf(body: Buffer): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]
    if (inString) {
      if (byte === 0x5c) i++
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x7b || byte === 0x5b) {
      depth++
      if (depth > deepest) deepest = depth
      if (deepest > DEPTH_MAX) return deepest
    } else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return deepest
}
