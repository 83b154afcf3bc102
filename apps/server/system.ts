import type { Permission } from '@tessera/contracts/permissions'
import { Type } from 'typebox'
import type { Db } from '#platform/db'
import { answer, type RunningHttp } from '#platform/http'
import type { Invariant } from '#platform/invariants'
import type { Telemetry } from '#platform/telemetry'
import { apiDocs, openapiDocument } from './api-docs.ts'
import { isPublic, type Settings } from './config.ts'
import { sharedCheck } from './integrity.ts'
import { problemPages } from './problem-pages.ts'

type Deps = { settings: Settings; telemetry: Telemetry; health: Db; auditor: Db; invariants: readonly Invariant[] }

const READY_WITHIN_MS = 1_000

const Integrity = Type.Object({
  checked_at: Type.String(),
  invariants: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), violations: Type.Integer() })),
})

/** Routes of the process rather than of a context: health, metrics, docs and integrity. */
export async function systemRoutes(http: RunningHttp<Permission>, deps: Deps): Promise<void> {
  const { fastify } = http
  const healthy = healthCheck(deps.health)
  fastify.get('/livez', { schema: { hide: true } }, async () => ({ status: 'alive' }))
  fastify.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const ready = !http.draining() && (await healthy())
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' })
  })
  const { metrics, docs } = deps.settings
  const open = !isPublic(deps.settings)
  if (metrics ?? open)
    fastify.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
      reply.type(deps.telemetry.registry.contentType).send(await deps.telemetry.registry.metrics()),
    )
  openapiDocument(http)
  const checkIntegrity = sharedCheck(deps.auditor, deps.invariants)
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
    async () => answer(200, await checkIntegrity(), { 'cache-control': 'no-store' }),
  )
  problemPages(fastify)
  if (docs ?? open) apiDocs(fastify)
}

/**
 * True when the database answers within a second. On a connection of its own, with one query for concurrent callers:
 * neither a burst of holds nor a load balancer's probes can exhaust it.
 */
function healthCheck(db: Db): () => Promise<boolean> {
  let asking: Promise<boolean> | undefined
  return () => {
    asking ??= db
      .query('select 1')
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asking = undefined
      })
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), READY_WITHIN_MS).unref())
    return Promise.race([asking, late])
  }
}
