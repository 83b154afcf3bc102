import { join } from 'node:path'
import { type FastifyRequest, fastify } from 'fastify'
import { apiRoutes } from './api/serve.ts'
import { type Control, makeControl } from './control.ts'
import { controlRoutes } from './control-routes.ts'
import { Core, type CoreOptions } from './core.ts'
import { pageRoutes } from './pages/routes.ts'
import { Refusal, type Report } from './refusal.ts'
import { RETRY } from './webhooks/deliverer.ts'

/** What is told apart from the defaults; `retry`, times and the clock are for tests. */
export type SandboxOptions = Partial<
  Pick<CoreOptions, 'retry' | 'webhook_timeout_ms' | 'refund_settle_ms' | 'now_ms'>
> & {
  // What the variables of the README say, in its order, with the same defaults; port 0 is the default here.
  port?: number | undefined
  host?: string | undefined
  public_origin?: string | undefined
  secret_keys?: readonly string[] | undefined
  webhook_url?: string | undefined
  webhook_secrets?: readonly string[]
  webhook_events?: readonly string[] | undefined
  data_dir?: string | undefined
  /** Receives bugs; default: standard error. */
  report?: Report
}

export type Sandbox = { origin: string; port: number; control: Control; close: () => Promise<void> }

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]']

/** Starts a sandbox. Refused: a key that is no test key, an endpoint without a secret, a state that another one uses. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { secret_keys = ['sk_test_sandbox'], webhook_url: url, webhook_secrets: secrets = [], data_dir } = options
  const { report = toStderr } = options
  if (!secret_keys.every((key) => key.startsWith('sk_test_'))) {
    throw new Error('The sandbox takes test keys only (sk_test_…): it never stands in for a provider that moves money')
  }
  if (url !== undefined && secrets.length === 0) {
    throw new Error('A webhook endpoint needs a secret: webhooks are never sent unsigned')
  }
  let origin = ''
  const publicOrigin = (): string => options.public_origin?.replace(/\/$/, '') ?? origin
  const core = new Core({
    path: data_dir === undefined ? null : join(data_dir, 'sandbox', 'state.sqlite'),
    endpoint: url === undefined ? null : { url, secrets, events: options.webhook_events },
    publicOrigin,
    retry: RETRY,
    webhook_timeout_ms: 5000,
    refund_settle_ms: 2000,
    now_ms: Date.now,
    ...options,
  })
  const control = makeControl(core)
  // Refuse what a control order should not contain instead of quietly dropping it.
  const app = fastify({ forceCloseConnections: true, ajv: { customOptions: { removeAdditional: false } } })
  app.addHook('onRequest', async (request) => guard(request, publicOrigin()))
  await app.register(apiRoutes(core, secret_keys, report), { prefix: '/v1' })
  await app.register(controlRoutes(control, report), { prefix: '/sandbox' })
  await app.register(pageRoutes(core, report))
  const close = async (): Promise<void> => {
    await app.close()
    await core.close()
  }
  try {
    origin = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  } catch (error) {
    await close()
    throw error
  }
  core.resume()
  return { origin, port: Number(new URL(origin).port), control, close }
}

/**
 * For this machine, reached directly: nothing that came through a proxy, and no name that only a page on another site
 * could have made point here.
 */
function guard(request: FastifyRequest, public_origin: string): void {
  if (Object.keys(request.headers).some((name) => /^(forwarded$|x-real-ip$|x-forwarded-)/.test(name))) {
    throw new Refusal(403, { type: 'invalid_request_error', message: 'The sandbox does not serve through a proxy.' })
  }
  const host = HOST.exec(request.headers.host ?? '')?.[1] ?? ''
  const own = [...LOCAL_NAMES, new URL(public_origin).hostname, request.socket.localAddress]
  if (host !== '' && own.includes(host)) return
  throw new Refusal(421, { type: 'invalid_request_error', message: 'The sandbox has another host name.' })
}

export function toStderr(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
}
