import httpProxy from '@fastify/http-proxy'
import scalar from '@scalar/fastify-api-reference'
import type { Permission } from '@tessera/contracts/permissions'
import { Type } from 'typebox'
import type { Invariant } from '#platform/context'
import type { Db } from '#platform/db'
import { answer, type RunningHttp } from '#platform/http'
import type { Telemetry } from '#platform/telemetry'
import type { Settings } from './config.ts'
import { checkInvariants } from './integrity.ts'
import { problemPages } from './problem-pages.ts'

type Deps = { settings: Settings; telemetry: Telemetry; owner: Db; auditor: Db; invariants: readonly Invariant[] }

const READY_WITHIN_MS = 1_000
const PROXY_TIMEOUT_MS = 15_000

const Integrity = Type.Object({
  checked_at: Type.String(),
  invariants: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), violations: Type.Integer() })),
})

/** What belongs to the process and not to a context: health, metrics, docs, integrity, and the web app behind it all. */
export async function systemRoutes(http: RunningHttp<Permission>, deps: Deps): Promise<void> {
  const { fastify } = http
  fastify.get('/livez', { schema: { hide: true } }, async () => ({ status: 'alive' }))
  fastify.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const ready = !http.draining() && (await answersInTime(deps.owner))
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' })
  })
  fastify.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(deps.telemetry.registry.contentType).send(await deps.telemetry.registry.metrics()),
  )
  fastify.get('/openapi.json', { schema: { hide: true } }, async () => http.openapi())
  http.route(
    {
      method: 'GET',
      url: '/api/v1/admin/integrity',
      id: 'getIntegrity',
      summary: 'The invariants, checked now in one snapshot',
      tag: 'Operating',
      access: 'integrity:read',
      responses: { 200: Integrity },
    },
    async () => answer(200, await checkInvariants(deps.auditor, deps.invariants), { 'cache-control': 'no-store' }),
  )
  problemPages(fastify)
  await fastify.register(scalar, {
    routePrefix: '/docs',
    configuration: { url: '/openapi.json', withDefaultFonts: false, telemetry: false, hideClientButton: true },
  })
  if (deps.settings.web_origin !== null) {
    await fastify.register(httpProxy, {
      upstream: deps.settings.web_origin,
      httpMethods: ['GET', 'HEAD', 'POST'],
      proxyPayloads: true,
      http: { requestOptions: { timeout: PROXY_TIMEOUT_MS } },
      replyOptions: {
        onError: (reply) => void reply.code(503).type('text/html; charset=utf-8').send(AWAY_PAGE),
        // What pages ask of the API while they are made counts as their visitor's, and links name the one origin.
        rewriteRequestHeaders: (request, headers) => ({
          ...headers,
          'x-forwarded-for': request.ip,
          'x-forwarded-host': request.host,
          'x-forwarded-proto': request.protocol,
        }),
      },
    })
  }
}

async function answersInTime(db: Db): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), READY_WITHIN_MS).unref())
  return Promise.race([
    db.query('select 1').then(
      () => true,
      () => false,
    ),
    late,
  ])
}

/** Shown while the web process starts or restarts; it looks again by itself. */
const AWAY_PAGE =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="2"><title>One moment</title><body style="font:18px/1.5 system-ui;background:#fbfaf7;color:#171512;display:grid;place-items:center;min-height:100vh;margin:0"><main><h1>One moment, please</h1><p>Tessera is starting. This page looks again by itself.</p></main>'
