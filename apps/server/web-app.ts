import httpProxy from '@fastify/http-proxy'
import type { Permission } from '@tessera/contracts/permissions'
import { errorCodes, type FastifyRequest } from 'fastify'
import {
  addressOf,
  BODY_BYTES_MAX,
  cookieName,
  DEVICE_COOKIE,
  REFRESH_COOKIE,
  type RunningHttp,
  VISITOR_HEADER,
  type VisitorPasses,
  withoutCookies,
} from '#platform/http'

type Pages = Pick<RunningHttp<Permission>, 'fastify' | 'meterPage'>
type WebApp = { web_origin: string | null; visitors: VisitorPasses }

const PROXY_TIMEOUT_MS = 15_000
/** Immutable files of a build, of which one page needs dozens. */
const ASSETS = '/_next/static/'

/**
 * The web process needs no token that outlives a page. Behind TLS browsers send these everywhere, as their prefix demands.
 */
const NOT_FOR_PAGES = new Set([REFRESH_COOKIE, DEVICE_COOKIE].flatMap((name) => [name, cookieName(name, true)]))

/**
 * Proxies every other address to the web process. Pages count against the visitor's quota like the API, once each; a
 * page's own API requests carry the visitor's pass and are not counted again. Addresses under /api are never proxied.
 */
export async function webApp(http: Pages, { web_origin, visitors }: WebApp): Promise<void> {
  const { fastify } = http
  for (const url of ['/api', '/api/*'])
    fastify.all(url, { config: { access: 'public' } }, (_request, reply) => reply.callNotFound())
  if (web_origin === null) return
  await fastify.register(async (scope) => {
    scope.addHook('onRequest', async (request) => {
      if (hasLargeBody(request)) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()
    })
    scope.addHook('preHandler', async (request, reply) => {
      if (request.url.startsWith(ASSETS)) return
      const wait_s = await http.meterPage(request, reply)
      if (wait_s === null) return
      const text = 'Please wait a moment. This page loads again by itself.'
      page(reply.code(429).header('retry-after', String(wait_s))).send(messagePage('That was a bit fast', text, wait_s))
      return reply
    })
    await scope.register(httpProxy, {
      upstream: web_origin,
      httpMethods: ['GET', 'HEAD', 'POST'],
      proxyPayloads: true,
      http: { requestOptions: { timeout: PROXY_TIMEOUT_MS } },
      replyOptions: {
        onError: (reply) =>
          void page(reply.code(503)).send(
            messagePage('One moment, please', 'Tessera is starting. This page loads again by itself.', STARTING_S),
          ),
        // API requests made while rendering count as the visitor's, and links use the one origin.
        rewriteRequestHeaders: (request, { cookie, ...headers }) => ({
          ...headers,
          ...cookiesForPages(cookie),
          [VISITOR_HEADER]: visitors.issue(addressOf(request)),
          'x-forwarded-for': addressOf(request),
          'x-forwarded-host': request.host,
          'x-forwarded-proto': request.protocol,
        }),
      },
    })
  })
}

function cookiesForPages(header: string | undefined): { cookie?: string } {
  const cookie = withoutCookies(header, NOT_FOR_PAGES)
  return cookie === undefined ? {} : { cookie }
}

/** The web process keeps a body in memory before it looks at it; a form without script sends a few hundred bytes. */
function hasLargeBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > BODY_BYTES_MAX
}

const STARTING_S = 2

type Headers = {
  type(type: string): Headers
  header(name: string, value: string): Headers
  send(body: string): unknown
}

function page(reply: Headers): Headers {
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
}

/** Shown when the web process cannot serve; the page reloads after `again_s` seconds. */
function messagePage(title: string, text: string, again_s: number): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="${again_s}"><title>${title}</title><body style="font:18px/1.5 system-ui;background:#fbfaf7;color:#171512;display:grid;place-items:center;min-height:100vh;margin:0"><main><h1>${title}</h1><p>${text}</p></main>`
}
