import { needsMembership, type Permission, type Role, roleMay } from '@tessera/contracts/permissions'
import { PROBLEMS } from '@tessera/contracts/problems'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import { type Access, createAccess, createVerifier, type Secrets } from '#platform/auth'
import {
  createBodyBudget,
  createHttp,
  createRateLimiter,
  createStreamLimits,
  type RunningHttp,
  type VisitorPasses,
} from '#platform/http'
import type { RpcClients } from '#platform/rpc'
import type { Signals } from '#platform/signals'
import type { Telemetry } from '#platform/telemetry'
import { publicOrigin, type Settings, tokenIssuer } from './config.ts'

/** Per account or source: more than an eager person with several tabs needs. */
const REQUESTS_PER_WINDOW = 1_200
const WINDOW_S = 60
/** A year, during which browsers use this origin by TLS only. */
const HSTS_S = 31_536_000

type EdgeParts = {
  settings: Settings
  visitors: VisitorPasses
  telemetry: Telemetry
  secrets: Secrets
  signals: Signals
  rpc: RpcClients<ContextRpc>
}

/**
 * The HTTP server of every context with its authentication: tokens by identity's keys, rights by the table of
 * permissions.
 */
export async function openEdge(
  parts: EdgeParts,
): Promise<{ http: RunningHttp<Permission>; access: Access<Permission> }> {
  const { settings, secrets, rpc } = parts
  const access = createAccess<Permission>({
    roleMay: (role, permission) => roleMay(role as Role, permission),
    memberships: (user_id) => rpc.identity.memberships({ user_id }),
  })
  const verifier = createVerifier({
    issuer: tokenIssuer(settings),
    audience: 'tessera',
    jwks: () => rpc.identity.jwks({}),
  })
  parts.signals.on('sessions-revoked', (data) =>
    verifier.forgetSessions((data as { session_ids: string[] }).session_ids),
  )
  const secure_cookies = publicOrigin(settings).startsWith('https:')
  const http = await createHttp<Permission>({
    telemetry: parts.telemetry,
    problems: PROBLEMS,
    access,
    needsMembership,
    mayGlobally: (principal, permission) => principal.roles.some((role) => roleMay(role as Role, permission)),
    verify: verifier.verify,
    csrf_ok: (principal, token) => token !== undefined && secrets.tokenFits('csrf', principal.session_id, token),
    secure_cookies,
    rate_limiter: settings.rate_limits ? createRateLimiter(REQUESTS_PER_WINDOW, WINDOW_S) : null,
    stream_limits: settings.rate_limits ? createStreamLimits() : null,
    body_budget: settings.rate_limits ? createBodyBudget() : null,
    openapi: {
      title: 'Tessera',
      version: '1',
      description: 'Event ticketing: find, hold, pay, enter. Errors are RFC 9457 problems.',
    },
    trusted_proxies: settings.trusted_proxies,
    visitors: parts.visitors,
  })
  if (secure_cookies)
    http.fastify.addHook('onRequest', async (_request, reply) => {
      reply.header('strict-transport-security', `max-age=${HSTS_S}`)
    })
  return { http, access }
}
