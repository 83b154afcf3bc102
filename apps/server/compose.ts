import { join, resolve } from 'node:path'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import { createSecrets } from '#platform/auth'
import type { Relay } from '#platform/bus'
import { type Db, migrate, type SchemaSource } from '#platform/db'
import { createVisitorPasses, type RunningHttp } from '#platform/http'
import type { Invariant } from '#platform/invariants'
import type { Jobs } from '#platform/jobs'
import { joinProcesses, type ProcessRegistry } from '#platform/processes'
import { createRpc } from '#platform/rpc'
import { openSignals, type Signals } from '#platform/signals'
import { createTelemetry, type Telemetry } from '#platform/telemetry'
import { openBackground } from './background.ts'
import { contextConfigs, directUrlOf, type Settings, tokenIssuer } from './config.ts'
import { connectionsOf, planConnections } from './connections.ts'
import { type ContextName, catalogTools, contextNames, contexts, peopleTools } from './contexts.ts'
import { deadLetterRoutes } from './dead-letters.ts'
import { openEdge } from './edge.ts'
import { installationSecret } from './installation-secret.ts'
import { productInvariants } from './invariants.ts'
import { type OpenContext, openContexts } from './open-contexts.ts'
import { openPools } from './pools.ts'
import { systemRoutes } from './system.ts'
import { webApp } from './web-app.ts'

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
  events: Awaited<ReturnType<typeof catalogTools>>
  /** Starts the relay and the jobs; requests may arrive before. */
  start(): Promise<void>
  /** Drains, then ends everything that was opened. */
  close(drain_ms: number): Promise<void>
}

/** Migrates the database. */
export async function migrateProduct(settings: Settings, log?: (message: string) => void): Promise<void> {
  await migrate(directUrlOf(settings), await productSchemas(), log)
}

/** The schema of every context, with its SQL. */
export function productSchemas(): Promise<SchemaSource[]> {
  return Promise.all(contextNames.map((name) => contexts[name]()))
}

/**
 * The composition root: chooses the adapters, opens every context, and connects them. `serving` is false for a command
 * that runs beside the servers: it takes no share of the connections and is not registered as a process.
 */
export async function compose(settings: Settings, { serving = true } = {}): Promise<Product> {
  const pooled = settings.database_direct_url !== null
  const telemetry = createTelemetry({ level: settings.log_level, service: 'tessera' })
  const processes = serving ? await joinOthers(settings, pooled, telemetry) : null
  const connections = planConnections(processes?.connections ?? connectionsOf(pooled).least, pooled)
  const several = (): boolean => processes?.several() ?? true
  const secrets = createSecrets(await installationSecret(settings))
  const { serve, clients: rpc } = createRpc<ContextRpc>()
  let relay: Relay | undefined
  const published = (topics: Iterable<string>): void => {
    relay?.nudge(topics)
    signals.send('outbox', [...topics])
  }
  const pools = openPools({ settings, pooled, connections, telemetry, onPublished: published })
  const { owner, auditor, health } = pools
  const signals = openSignals({ db: pools.listener, several, log: telemetry.log })
  signals.on('outbox', (topics) => relay?.nudge(topics as string[]))
  const visitors = createVisitorPasses(secrets)
  const { http, access } = await openEdge({ settings, visitors, telemetry, secrets, signals, rpc })
  const drain = new Listeners()
  const opened = await openContexts({
    open: pools.open,
    connections,
    serve,
    rpc,
    published,
    signals,
    access,
    telemetry,
    secrets,
    configs: contextConfigs(settings, several),
    files_dir: join(resolve(settings.data_dir), 'files'),
    delivered: async (event_id, consumers, timeout_ms) =>
      (await relay?.delivered(event_id, consumers, timeout_ms)) ?? false,
    onDrain: (listener) => drain.add(listener),
  })
  for (const context of opened) context.mount(http)
  const invariants = [...opened.flatMap((context) => [...context.invariants]), ...productInvariants]
  const background = openBackground({
    open: pools.openDirect,
    database_url: directUrlOf(settings),
    telemetry,
    opened,
    auditor,
    invariants,
    others: () => processes?.others() ?? 0,
    connections: connections.relay,
  })
  relay = background.relay
  processes?.onGone(background.jobs.resume)
  deadLetterRoutes(http, relay)
  await systemRoutes(http, { settings, telemetry, health, auditor, invariants })
  await webApp(http, { web_origin: settings.web_origin, visitors })
  const close = async (drain_ms: number): Promise<void> => {
    drain.call()
    await http.close(drain_ms)
    await background.jobs.close()
    for (const context of opened.toReversed()) await context.close()
    await background.closeRelay()
    await signals.close()
    await pools.close()
    await processes?.leave()
  }
  const tools = await toolsOf(opened, { secrets, log: telemetry.log, token_issuer: tokenIssuer(settings) })
  const consumers = opened.flatMap((context) => context.consumers.map((consumer) => consumer.name))
  const { jobs, start } = background
  return { http, rpc, relay, jobs, telemetry, signals, owner, auditor, consumers, invariants, start, close, ...tools }
}

class Listeners {
  readonly #listeners = new Set<() => void>()

  /** Returns a function that stops listening. */
  add(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  call(): void {
    for (const listener of this.#listeners) listener()
  }
}

function joinOthers(settings: Settings, pooled: boolean, telemetry: Telemetry): Promise<ProcessRegistry> {
  return joinProcesses({
    url: directUrlOf(settings),
    siblings: settings.processes,
    connections: connectionsOf(pooled),
    connections_max: settings.database_connections,
    log: telemetry.log,
  })
}

async function toolsOf(
  opened: readonly OpenContext[],
  given: Omit<Parameters<typeof peopleTools>[0], 'db'>,
): Promise<Pick<Product, 'people' | 'events'>> {
  const people = await peopleTools({ ...given, db: dbOf(opened, 'identity') })
  return { people, events: await catalogTools({ db: dbOf(opened, 'catalog') }) }
}

function dbOf(opened: readonly OpenContext[], name: ContextName): Db {
  const context = opened.find((one) => one.name === name)
  if (context === undefined) throw new Error(`${name} does not run here`)
  return context.db
}
