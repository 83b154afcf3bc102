import { join, resolve } from 'node:path'
import type { ProductConfig } from '@tessera/contracts/config'
import { needsMembership, type Permission, type Role, roleMay } from '@tessera/contracts/permissions'
import { PROBLEMS } from '@tessera/contracts/problems'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import { createAccess, createSecrets, createVerifier } from '#platform/auth'
import { type Consumer, openRelay, type Relay } from '#platform/bus'
import type { Invariant, Kit } from '#platform/context'
import { type Db, migrate, openDb, type SchemaSource } from '#platform/db'
import { createHttp, createRateLimiter, type RunningHttp } from '#platform/http'
import { type Job, type Jobs, openJobs } from '#platform/jobs'
import { createRpc } from '#platform/rpc'
import { openSignals, type Signals } from '#platform/signals'
import { openDiskStorage } from '#platform/storage'
import { createTelemetry, type Telemetry } from '#platform/telemetry'
import { databaseUrlOf, installationSecret, type Settings } from './config.ts'
import { type ContextName, contextNames, contexts, type ProductContext, peopleTools } from './contexts.ts'
import { productInvariants } from './invariants.ts'
import { systemRoutes } from './system.ts'

/** A context that runs here. */
type OpenContext = {
  name: ContextName
  db: Db
  mount(http: RunningHttp<Permission>): void
  consumers: Consumer[]
  jobs: Job[]
  invariants: readonly Invariant[]
  close(): Promise<void>
}

export type Product = {
  http: RunningHttp<Permission>
  rpc: ContextRpc
  relay: Relay
  jobs: Jobs
  telemetry: Telemetry
  signals: Signals
  /** The owner: for seeds and tools. */
  owner: Db
  auditor: Db
  /** Names of every consumer. */
  consumers: readonly string[]
  invariants: readonly Invariant[]
  people: Awaited<ReturnType<typeof peopleTools>>
  /** Starts the relay and the jobs; requests may come before. */
  start(): Promise<void>
  /** Drains, then ends everything that was opened. */
  close(drain_ms: number): Promise<void>
}

const POLL_ALONE_MS = 250
const POLL_AMONG_OTHERS_MS = 25
/** Per principal or address: what an eager person with several tabs never reaches. */
const REQUESTS_PER_WINDOW = 1_200
const WINDOW_S = 60

/** Brings the database to today's shape. */
export async function migrateProduct(settings: Settings, log?: (message: string) => void): Promise<void> {
  await migrate(databaseUrlOf(settings), await productSchemas(), log)
}

/** The schema of every context, with its SQL. */
export function productSchemas(): Promise<SchemaSource[]> {
  return Promise.all(contextNames.map((name) => contexts[name](({ name: schema, sql }) => ({ name: schema, sql }))))
}

/** The composition root: chooses the adapters, opens every context, and joins them. */
export async function compose(settings: Settings): Promise<Product> {
  const database_url = databaseUrlOf(settings)
  const telemetry = createTelemetry({ level: settings.log_level, service: 'tessera' })
  const config = productConfig(settings)
  const secrets = createSecrets(await installationSecret(settings))
  const rpc = createRpc<ContextRpc>()
  let relay: Relay | undefined
  const nudge = (topics: Iterable<string>): void => {
    relay?.nudge(topics)
    if (config.several_processes) signals.send('outbox', [...topics])
  }
  const open = (options: Partial<Parameters<typeof openDb>[0]>): Db =>
    openDb({
      url: database_url,
      onPublished: nudge,
      onError: (err) => telemetry.log.warn({ err }, 'a database connection was lost'),
      ...options,
    })
  const owner = open({ application_name: 'tessera-owner', connections_max: 3 })
  const relayDb = open({ role: 'tessera_relay', connections_max: 6 })
  const signals = openSignals({ db: config.several_processes ? owner : null, log: telemetry.log })
  signals.on('outbox', (topics) => relay?.nudge(topics as string[]))
  const access = createAccess<Permission>({
    roleMay: (role, permission) => roleMay(role as Role, permission),
    memberships: (user_id) => rpc.clients.identity.memberships({ user_id }),
  })
  const verifier = createVerifier({
    issuer: config.token_issuer,
    audience: 'tessera',
    jwks: () => rpc.clients.identity.jwks({}),
  })
  signals.on('sessions-revoked', (data) => verifier.forgetSessions((data as { session_ids: string[] }).session_ids))
  const drainListeners = new Set<() => void>()
  const http = await createHttp<Permission>({
    telemetry,
    problems: PROBLEMS,
    access,
    needsMembership,
    mayGlobally: (principal, permission) => principal.roles.some((role) => roleMay(role as Role, permission)),
    verify: verifier.verify,
    csrf_ok: (principal, token) => token !== undefined && secrets.tokenFits('csrf', principal.session_id, token),
    rate_limiter: config.rate_limits ? createRateLimiter(REQUESTS_PER_WINDOW, WINDOW_S) : null,
    openapi: {
      title: 'Tessera',
      version: '1',
      description: 'Event ticketing: find, hold, pay, enter. Errors are RFC 9457 problems.',
    },
    trust_proxy: settings.trust_proxy,
  })

  const opened: OpenContext[] = []
  for (const name of contextNames) {
    opened.push(
      await contexts[name](async (context) => {
        const role = `tessera_${context.name}`
        const lanes: Db[] = []
        const db = open({ role, search_path: context.name, connections_max: 6 })
        const kit: Kit<ContextRpc, ProductConfig, Permission> = {
          db,
          openLane: (lane) => {
            lanes.push(open({ role, search_path: context.name, ...lane }))
            return lanes.at(-1) ?? db
          },
          rpc: rpc.clients,
          delivered: async (event_id, consumers, timeout_ms) =>
            (await relay?.delivered(event_id, consumers, timeout_ms)) ?? false,
          published: nudge,
          onDrain: (listener) => {
            drainListeners.add(listener)
            return () => drainListeners.delete(listener)
          },
          signals,
          access,
          telemetry,
          storage: openDiskStorage(join(resolve(settings.data_dir), 'files', context.name)),
          secrets,
          config,
        }
        return openContext(context, kit, lanes, (handlers) =>
          rpc.serve(context.name as keyof ContextRpc, handlers as never),
        )
      }),
    )
  }
  for (const context of opened) context.mount(http)
  relay = openRelay({
    db: relayDb,
    consumers: opened.flatMap((context) => context.consumers.map((consumer) => ({ consumer, db: context.db }))),
    telemetry,
    poll_ms: config.several_processes ? POLL_AMONG_OTHERS_MS : POLL_ALONE_MS,
  })
  const leading = relay.leading
  const jobs = openJobs({ url: database_url, jobs: opened.flatMap((context) => context.jobs), telemetry, leading })
  const invariants = [...opened.flatMap((context) => [...context.invariants]), ...productInvariants]
  const auditor = open({ role: 'tessera_auditor', connections_max: 1 })
  await systemRoutes(http, { settings, telemetry, owner, auditor, invariants })
  return {
    http,
    rpc: rpc.clients,
    relay,
    jobs,
    telemetry,
    signals,
    owner,
    auditor,
    consumers: opened.flatMap((context) => context.consumers.map((consumer) => consumer.name)),
    invariants,
    people: await peopleTools({
      db: dbOf(opened, 'identity'),
      secrets,
      log: telemetry.log,
      token_issuer: config.token_issuer,
    }),
    start: async () => {
      relay?.start()
      await jobs.start()
    },
    close: async (drain_ms) => {
      for (const listener of drainListeners) listener()
      await http.close(drain_ms)
      await jobs.close()
      for (const context of opened.toReversed()) await context.close()
      await relay?.close()
      await signals.close()
      await Promise.all([owner, relayDb, auditor].map((db) => db.close()))
    },
  }
}

async function openContext<Name extends ContextName, Deps>(
  context: ProductContext<Name, Deps>,
  kit: Kit<ContextRpc, ProductConfig, Permission>,
  lanes: readonly Db[],
  serve: (handlers: unknown) => void,
): Promise<OpenContext> {
  const deps = await context.open(kit)
  if (context.rpc !== undefined) serve(context.rpc(deps))
  return {
    name: context.name,
    db: kit.db,
    mount: (http) => context.routes?.(http, deps),
    consumers: context.consumers?.(deps) ?? [],
    jobs: context.jobs?.(deps) ?? [],
    invariants: context.invariants ?? [],
    close: async () => {
      await context.close?.(deps)
      await Promise.all([kit.db, ...lanes].map((db) => db.close()))
    },
  }
}

function dbOf(opened: readonly OpenContext[], name: ContextName): Db {
  const context = opened.find((one) => one.name === name)
  if (context === undefined) throw new Error(`${name} does not run here`)
  return context.db
}

/** The part of the settings that contexts may read. */
function productConfig(settings: Settings): ProductConfig {
  const sandbox = `http://127.0.0.1:${settings.sandbox_port}`
  return {
    public_origin: settings.public_origin ?? `http://localhost:${settings.port}`,
    token_issuer: settings.public_origin ?? 'http://localhost',
    hold_seconds: settings.hold_seconds,
    rate_limits: settings.rate_limits,
    demo: settings.demo,
    several_processes: settings.processes > 1,
    stripe: {
      api_base: settings.stripe_api_base ?? sandbox,
      secret_key: settings.stripe_secret_key ?? 'sk_test_sandbox',
      webhook_secret: settings.stripe_webhook_secret ?? '',
      card_page_origin: settings.card_page_origin,
    },
  }
}
