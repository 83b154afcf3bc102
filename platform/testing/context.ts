import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Access, createAccess, createSecrets, type MembershipRow, type Principal } from '#platform/auth'
import {
  type Consumer,
  type Envelope,
  openPostgresTransport,
  openRelay,
  type Relay,
  type RelayOptions,
} from '#platform/bus'
import type { Context, ContextServices } from '#platform/context'
import { type Db, type DbOptions, openDb } from '#platform/db'
import { createHttp, type ProblemTable, type RunningHttp } from '#platform/http'
import { AUDIT_SETTINGS } from '#platform/invariants'
import { openSignals } from '#platform/signals'
import { openDiskStorage } from '#platform/storage'
import { createTelemetry, type Telemetry } from '#platform/telemetry'
import { createTestDatabase } from './database.ts'
import { principalOfToken, testToken } from './principals.ts'

export type TestContextOptions<Rpc, Config, Permission extends string> = {
  config: Config
  problems: ProblemTable
  roleMay(role: string, permission: Permission): boolean
  needsMembership(permission: Permission): boolean
  /** The memberships of each person. */
  memberships?: (user_id: string) => MembershipRow[]
  /** The other contexts, as their contracts describe them; a call to one that is missing fails the test. */
  rpc?: Partial<Rpc>
}

export type TestAnswer = { status: number; headers: Record<string, string>; body: unknown; raw: Buffer }

export type TestContext<Deps> = AsyncDisposable & {
  deps: Deps
  /** Acts as the context's own role. */
  db: Db
  /** The owner: may read and plant anything. */
  owner: Db
  /** Acts as the auditor: for invariants. */
  auditor: Db
  url: string
  http: RunningHttp<string>
  call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    options?: { as?: Principal; body?: unknown; headers?: Record<string, string> },
  ): Promise<TestAnswer>
  /** Delivers an event of another context to this context's consumers, as the relay would, in a transaction. */
  deliver(topic: string, key: string, payload: unknown, event_id?: string): Promise<void>
  /** What the context has published, oldest first. */
  published(topic?: string): Promise<{ topic: string; key: string; payload: never; event_id: string }[]>
  /** Resolves when the context's consumers have handled everything it published itself. */
  settle(): Promise<void>
}

/** One context on a database of its own, behind the real HTTP pipeline; the other contexts are given as their RPC contracts. */
export async function openTestContext<Name extends string, Deps, Rpc extends object, Config, Permission extends string>(
  context: Context<Name, Rpc, Config, Permission, Deps>,
  options: TestContextOptions<Rpc, Config, Permission>,
): Promise<TestContext<Deps>> {
  const database = await createTestDatabase([{ name: context.name, sql: context.sql }])
  const telemetry = createTelemetry({ level: process.env.TESSERA_LOG_LEVEL ?? 'fatal', service: 'test' })
  const folder = await mkdtemp(join(tmpdir(), 'tessera-test-'))
  const pools: Db[] = []
  const role = `tessera_${context.name}`
  let nudge: (topics: Iterable<string>) => void = () => undefined
  const open = (extra: Partial<DbOptions>): Db => {
    const db = openDb({ url: database.url, onPublished: (topics) => nudge(topics), ...extra })
    pools.push(db)
    return db
  }
  const connection = { ...database.context, role, search_path: context.name }
  const db = open({ ...connection, connections_max: 16 })
  const owner = open({ application_name: 'test-owner' })
  const auditor = open({ role: 'tessera_auditor', settings: AUDIT_SETTINGS })
  const signals = openSignals({ db: null, log: telemetry.log })
  const memberships = async (user_id: string): Promise<MembershipRow[]> => options.memberships?.(user_id) ?? []
  const access = createAccess<Permission>({ roleMay: options.roleMay, memberships })
  const services: ContextServices<Rpc, Config, Permission> = {
    db,
    openDedicatedPool: (own) => open({ ...connection, ...own }),
    rpc: missingRpc(options.rpc ?? {}) as Rpc,
    // The other contexts do not run here: events for them count as handled.
    delivered: async () => true,
    published: (topics) => nudge(topics),
    onDrain: () => () => undefined,
    signals,
    access,
    telemetry,
    storage: openDiskStorage(folder),
    secrets: createSecrets(Buffer.alloc(32, 7)),
    config: options.config,
  }
  const opened = await context.open(services)
  const { deps, consumers } = opened
  const own = consumers.filter(readsOnly(context.name)).map((consumer) => ({ consumer, db }))
  const relay = relayOf(open({ role: 'tessera_relay' }), own, telemetry)
  nudge = (topics) => relay.nudge(topics)
  relay.start()
  const http = await openHttp(options, telemetry, access)
  opened.mount(http)
  await http.fastify.ready()
  return {
    deps,
    db,
    owner,
    auditor,
    url: database.url,
    http: http as unknown as RunningHttp<string>,
    call: (method, url, request) => inject(http as unknown as RunningHttp<string>, method, url, request ?? {}),
    deliver: (topic, key, payload, event_id = crypto.randomUUID()) =>
      deliver(db, consumers, { event_id, topic, key, payload, occurred_at: now(), traceparent: null }),
    published: (topic) => readOutbox(owner, context.name, topic ?? null),
    settle: () => relay.settle(),
    [Symbol.asyncDispose]: async () => {
      await relay.close()
      await opened.close()
      await http.close(1_000)
      await Promise.all(pools.map((pool) => pool.close()))
      await database[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function relayOf(db: Db, consumers: RelayOptions['consumers'], telemetry: Telemetry): Relay {
  return openRelay({ db, transport: openPostgresTransport(db), consumers, telemetry, poll_ms: () => 20 })
}

function readOutbox<Row extends object>(owner: Db, context: string, topic: string | null): Promise<Row[]> {
  return owner.query<Row>(
    `select topic, key, payload, event_id from ${context}.outbox where $1::text is null or topic = $1 order by id`,
    [topic],
  )
}

const now = (): string => new Date().toISOString()

function openHttp<Rpc, Config, Permission extends string>(
  options: TestContextOptions<Rpc, Config, Permission>,
  telemetry: Telemetry,
  access: Access<Permission>,
): Promise<RunningHttp<Permission>> {
  return createHttp<Permission>({
    telemetry,
    problems: options.problems,
    access,
    needsMembership: options.needsMembership,
    mayGlobally: (principal, permission) => principal.roles.some((role) => options.roleMay(role, permission)),
    verify: principalOfToken,
    csrf_ok: () => true,
    secure_cookies: false,
    rate_limiter: null,
    stream_limits: null,
    body_budget: null,
    openapi: { title: 'test', version: '0', description: 'test' },
    trusted_proxies: { hops: 0 },
    visitors: null,
  })
}

/** As the relay does: the inbox row and the effect in one transaction. */
async function deliver(db: Db, consumers: readonly Consumer[], event: Envelope): Promise<void> {
  for (const consumer of consumers.filter((one) => one.topics.includes(event.topic))) {
    await db.transaction(async (tx) => {
      const fresh = await tx.query(
        'insert into inbox (consumer, event_id) values ($1, $2) on conflict do nothing returning event_id',
        [consumer.name, event.event_id],
      )
      if (fresh.length > 0) await consumer.handle(tx, event)
    })
    consumer.committed?.([event])
  }
}

/** Consumers of other contexts' events are fed by `deliver`; their outboxes do not exist here. */
function readsOnly(name: string): (consumer: Consumer) => boolean {
  return (consumer) => consumer.topics.every((topic) => topic.startsWith(`${name}.`))
}

function missingRpc(given: object): object {
  return new Proxy(given, {
    get: (target, name) => {
      const known: unknown = Reflect.get(target, name)
      if (known === undefined) throw new Error(`This test gives no ${String(name)} RPC`)
      return known
    },
  })
}

async function inject(
  http: RunningHttp<string>,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  request: { as?: Principal; body?: unknown; headers?: Record<string, string> },
): Promise<TestAnswer> {
  const response = await http.fastify.inject({
    method,
    url,
    headers: {
      ...(request.as === undefined ? {} : { authorization: `Bearer ${testToken(request.as)}` }),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(request.body === undefined
      ? {}
      : { payload: typeof request.body === 'string' ? request.body : JSON.stringify(request.body) }),
  })
  const json = String(response.headers['content-type'] ?? '').includes('json')
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]))
  return {
    status: response.statusCode,
    headers,
    body: json && response.body !== '' ? response.json() : response.body,
    raw: response.rawPayload,
  }
}
