import { createHash } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { RunningHttp } from '#platform/http'

const TITLE = 'Tessera API'
const INLINE_SCRIPT = /<script type="text\/javascript">([\s\S]*?)<\/script>/g

/** `/openapi.json`, written once: every operation is defined by then, and it would take 10 ms of the event loop each time. */
export function openapiDocument({ fastify, openapi }: Pick<RunningHttp<never>, 'fastify' | 'openapi'>): void {
  let document: string | undefined
  fastify.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    document ??= JSON.stringify(openapi())
    return reply.type('application/json; charset=utf-8').send(document)
  })
}

/**
 * `/docs`: the API contract as pages. Readers stay on this origin: the reference can share documents, query assistants
 * and load examples from its vendor's servers, so those features are switched off, and a content security policy blocks
 * whatever remains. Loaded when first read: its 8 MB of script would be held twice by every server process.
 */
export function apiDocs(fastify: FastifyInstance): void {
  let reference: Promise<FastifyInstance> | undefined
  const answer = async ({ url }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    reference ??= openReference().catch((error: unknown) => {
      reference = undefined
      throw error
    })
    const { statusCode, headers, body, rawPayload } = await (await reference).inject({ url })
    const type = String(headers['content-type'])
    reply.code(statusCode)
    if (headers.location !== undefined) reply.header('location', headers.location)
    if (!type.startsWith('text/html')) return reply.type(type).send(rawPayload)
    const page = named(body)
    return reply.header('content-security-policy', policyOf(page)).type(type).send(page)
  }
  fastify.get('/docs', { schema: { hide: true } }, answer)
  fastify.get('/docs/*', { schema: { hide: true } }, answer)
}

async function openReference(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const reference = Fastify()
  await reference.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      metaData: { title: TITLE },
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  })
  return reference
}

/** The page with its language and title, which the vendor omits or fills with its own. */
function named(html: string): string {
  return html.replace(/<html[^>]*>/, '<html lang="en">').replace(/<title>[^<]*<\/title>/, `<title>${TITLE}</title>`)
}

/** The reference's own script writes styles. Its requests go to this API, for people who try it out there. */
function policyOf(html: string): string {
  const scripts = [...html.matchAll(INLINE_SCRIPT)].map(([, text = '']) => {
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  })
  return [
    "default-src 'none'",
    `script-src 'self' ${scripts.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
