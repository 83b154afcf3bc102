import { createHash } from 'node:crypto'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'

const TITLE = 'Tessera API'
const INLINE_SCRIPT = /<script type="text\/javascript">([\s\S]*?)<\/script>/g

/**
 * `/docs`: the contract as pages. The reader of the page stays on this origin: the reference can share documents, ask
 * assistants and load examples from its maker's servers, so those parts are switched off, and a policy forbids the
 * browser whatever is left of them.
 */
export async function apiDocs(fastify: FastifyInstance): Promise<void> {
  await fastify.register(async (docs) => {
    docs.addHook('onSend', async (_request, reply, payload) => {
      if (typeof payload !== 'string' || !String(reply.getHeader('content-type')).startsWith('text/html'))
        return payload
      const page = named(payload)
      reply.header('content-security-policy', policyOf(page))
      reply.header('content-length', Buffer.byteLength(page))
      return page
    })
    await docs.register(scalar, {
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
  })
}

/** The page with its language and its name, which its maker leaves out or fills with its own. */
function named(html: string): string {
  return html.replace(/<html[^>]*>/, '<html lang="en">').replace(/<title>[^<]*<\/title>/, `<title>${TITLE}</title>`)
}

/** Styles are written by the reference's own script. Its calls are requests to this API, which people try out there. */
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
