import { join } from 'node:path'
import { fastify } from 'fastify'
import { apiRoutes } from './api/routes.ts'
import { type Control, makeControl } from './control/control.ts'
import { controlRoutes } from './control/routes.ts'
import { Core } from './core.ts'
import { pageRoutes } from './pages/routes.ts'
import type { Report } from './refusal.ts'
import { LIMITS, type Limits } from './state.ts'
import { RETRY, type RetryPolicy } from './webhooks/retry.ts'

export type { Control } from './control/control.ts'
export type { Limits } from './state.ts'
export type { RetryPolicy } from './webhooks/retry.ts'

export type SandboxOptions = {
  /** Default 0 = any free port. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** Where a browser reaches the sandbox; default the address it listens on. */
  public_origin?: string
  /** Where webhooks go; absent = nobody listens (until the control API says otherwise). */
  webhook_url?: string
  /** One secret, or two while it is being rotated. */
  webhook_secrets?: readonly string[]
  webhook_timeout_ms?: number
  retry?: RetryPolicy
  /** `sandbox/journal.jsonl` in here survives a crash; absent = memory only. */
  data_dir?: string
  refund_settle_ms?: number
  limits?: Limits
  now_ms?: () => number
  /** Told of bugs; default: standard error. */
  report?: Report
  /** The journal cannot be written any more: nothing will be acknowledged from here on. */
  onBroken?: (error: unknown) => void
}

export type Sandbox = { origin: string; port: number; control: Control; close: () => Promise<void> }

const WEBHOOK_TIMEOUT_MS = 5000
const REFUND_SETTLE_MS = 2000

/** Starts a sandbox. It listens before it reads its journal (a second one on the same port must never touch it). */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  if (options.webhook_url !== undefined && (options.webhook_secrets ?? []).length === 0) {
    throw new Error('A webhook endpoint needs a secret: webhooks are never sent unsigned')
  }
  let origin = ''
  const core = new Core({
    journal_path: options.data_dir === undefined ? null : join(options.data_dir, 'sandbox', 'journal.jsonl'),
    endpoint:
      options.webhook_url === undefined ? null : { url: options.webhook_url, secrets: options.webhook_secrets ?? [] },
    retry: options.retry ?? RETRY,
    webhook_timeout_ms: options.webhook_timeout_ms ?? WEBHOOK_TIMEOUT_MS,
    refund_settle_ms: options.refund_settle_ms ?? REFUND_SETTLE_MS,
    limits: options.limits ?? LIMITS,
    now_ms: options.now_ms ?? Date.now,
    publicOrigin: () => options.public_origin?.replace(/\/$/, '') ?? origin,
    onBroken: options.onBroken ?? (() => undefined),
  })
  const report = options.report ?? toStderr
  const control = makeControl(core)
  const opened = Promise.withResolvers<void>()
  opened.promise.catch(() => undefined)
  const app = fastify({
    forceCloseConnections: true,
    // Refuse what a control order should not contain instead of quietly dropping it.
    ajv: { customOptions: { removeAdditional: false } },
  })
  app.addHook('onRequest', () => opened.promise)
  // Nobody may be told of a state that a crash could still take back.
  app.addHook('onSend', () => core.durable())
  await app.register(apiRoutes(core, report), { prefix: '/v1' })
  await app.register(controlRoutes(control, report), { prefix: '/sandbox' })
  await app.register(pageRoutes(core, report))
  origin = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  try {
    await core.open()
    opened.resolve()
  } catch (error) {
    opened.reject(error)
    await app.close()
    throw error
  }
  return {
    origin,
    port: Number(new URL(origin).port),
    control,
    close: async () => {
      await app.close()
      await core.close()
    },
  }
}

function toStderr(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
}
