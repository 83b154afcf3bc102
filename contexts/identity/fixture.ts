import type { UserBody } from '@tessera/contracts/http/identity'
import { needsMembership, type Permission, type Role, roleMay } from '@tessera/contracts/permissions'
import { type FieldError, PROBLEMS } from '@tessera/contracts/problems'
import { createAccess, createVerifier } from '#platform/auth'
import { createHttp, type RunningHttp } from '#platform/http'
import { createTelemetry } from '#platform/telemetry'
import { openTestContext, type TestContext } from '#platform/testing'
import { AUDIENCE } from './access-tokens.ts'
import type { Deps, IdentityConfig } from './deps.ts'
import { identity } from './index.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Request = { token?: string; body?: unknown; headers?: Record<string, string>; ip?: string }
export type Reply = { status: number; headers: Record<string, string>; cookies: Cookie[]; body: Body }
/** The fields that tests read, each present where its status allows. */
type Body = {
  user: UserBody
  access_token: string
  refresh_token: string
  device_token: string
  csrf_token: string
  type: string
  detail: string
  id: string
  items: { id: string; user_id: string; [name: string]: unknown }[]
  next_cursor: string | null
  errors: FieldError[]
  keys: Record<string, string>[]
  [name: string]: unknown
}
type Cookie = { name: string; value: string; flags: string }

/** Identity behind the real HTTP pipeline: tokens are signed, verified and revoked as in the product. */
export type Fixture = AsyncDisposable & {
  context: TestContext<Deps>
  deps: Deps
  call(method: Method, url: string, request?: Request): Promise<Reply>
  /** Registers a new person with an address that is unique in the test. */
  newPerson(names?: { first_name?: string; email?: string; password?: string }): Promise<SignedIn>
}
export type SignedIn = {
  user_id: string
  email: string
  password: string
  access_token: string
  refresh_token: string
  device_token: string
}

const ORIGIN = 'http://localhost:3000'
export const PASSWORD = 'correct horse battery'

const config: IdentityConfig = {
  public_origin: ORIGIN,
  direct_members: true,
  token_issuer: 'http://localhost',
  rate_limits: true,
  organizations_wait: false,
}

export async function openFixture(overrides: Partial<IdentityConfig> = {}): Promise<Fixture> {
  const settings = { ...config, ...overrides }
  const mayByName = (role: string, permission: Permission): boolean => roleMay(role as Role, permission)
  const context = await openTestContext(identity, {
    config: settings,
    problems: PROBLEMS,
    roleMay: mayByName,
    needsMembership,
  })
  const clients = rpc(context.deps)
  const access = createAccess<Permission>({
    roleMay: mayByName,
    memberships: (user_id) => clients.memberships({ user_id }),
  })
  const deps: Deps = { ...context.deps, access }
  const verifier = createVerifier({ issuer: settings.token_issuer, audience: AUDIENCE, jwks: () => clients.jwks({}) })
  deps.signals.on('sessions-revoked', (data) =>
    verifier.forgetSessions((data as { session_ids: string[] }).session_ids),
  )
  const http = await createHttp<Permission>({
    telemetry: createTelemetry({ level: 'fatal', service: 'test' }),
    problems: PROBLEMS,
    access,
    needsMembership,
    mayGlobally: (principal, permission) => principal.roles.some((role) => mayByName(role, permission)),
    verify: (token) => verifier.verify(token),
    csrf_ok: (principal, token) => token !== undefined && deps.secrets.tokenFits('csrf', principal.session_id, token),
    secure_cookies: deps.secure_cookies,
    rate_limiter: null,
    stream_limits: null,
    body_budget: null,
    openapi: { title: 'test', version: '0', description: 'test' },
    trusted_proxies: { hops: 0 },
    visitors: null,
  })
  routes(http, deps)
  await http.fastify.ready()

  const call = callThrough(http)
  return {
    context,
    deps,
    call,
    newPerson: async ({
      first_name = 'Ida',
      email = `p${crypto.randomUUID()}@example.test`,
      password = PASSWORD,
    } = {}) => {
      const reply = await call('POST', '/api/v1/auth/register', {
        body: { email, password, first_name, last_name: 'Test' },
      })
      if (reply.status !== 201) throw new Error(`registering failed: ${JSON.stringify(reply.body)}`)
      const { user, access_token, refresh_token, device_token } = reply.body
      return { user_id: user.id, email, password, access_token, refresh_token, device_token }
    },
    [Symbol.asyncDispose]: async () => {
      await http.close(1_000)
      await context[Symbol.asyncDispose]()
    },
  }
}

function cookiesOf(header: string | string[] | undefined): Cookie[] {
  return [header ?? []].flat().map((line) => {
    const [pair = '', ...flags] = line.split('; ')
    const at = pair.indexOf('=')
    return { name: pair.slice(0, at), value: pair.slice(at + 1), flags: flags.join('; ') }
  })
}

function callThrough(http: RunningHttp<Permission>): Fixture['call'] {
  return async (method, url, request = {}) => {
    const response = await http.fastify.inject({
      method,
      url,
      remoteAddress: request.ip ?? '198.51.100.7',
      headers: {
        ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { payload: JSON.stringify(request.body) }),
    })
    const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]))
    const body: unknown = response.body === '' ? {} : JSON.parse(response.body)
    return {
      status: response.statusCode,
      headers,
      cookies: cookiesOf(response.headers['set-cookie']),
      body: body as Body,
    }
  }
}
