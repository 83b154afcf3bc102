import type { FastifyInstance } from 'fastify'

/** Enough for all bodies except lists of thousands of seats; those routes set their own limit. */
export const BODY_BYTES_MAX = 65_536
/** Larger bodies are validated up to their first error: a hostile one would make thousands. */
const ALL_ERRORS_BYTES_MAX = 4_096
/** Real bodies are flat; a chart nests 8 deep. */
const DEPTH_MAX = 64

/** A body that does not match its content type: answered with 400. */
export class MalformedBodyError extends Error {
  override name = 'MalformedBodyError'
}

const large = new WeakSet<object>()

/** True when this was parsed from a body so large that validation stops at the first error. */
export function isLargeBody(body: unknown): boolean {
  return typeof body === 'object' && body !== null && large.has(body)
}

/**
 * JSON only (and raw bytes for routes that ask for them), refused early when nested too deeply or poisoning a
 * prototype.
 */
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
      return parseJson(request, body.toString('utf8'), (error, value: unknown) => {
        if (error !== null) return done(new MalformedBodyError('The body is not valid JSON.'))
        if (body.length > ALL_ERRORS_BYTES_MAX && typeof value === 'object' && value !== null) large.add(value)
        return done(null, value)
      })
    },
  )
}

/** The deepest nesting of brackets outside strings, without parsing, which could overflow the parser's stack. */
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
