import type { Access, Secrets } from '#platform/auth'
import type { Consumer } from '#platform/bus'
import type { Db } from '#platform/db'
import type { Http } from '#platform/http'
import type { Invariant } from '#platform/invariants'
import type { Job } from '#platform/jobs'
import type { RpcClients } from '#platform/rpc'
import type { Signals } from '#platform/signals'
import type { Storage } from '#platform/storage'
import type { Telemetry } from '#platform/telemetry'

/** The services that the composition root passes to a context when it opens it. */
export type ContextServices<Rpc, Config, Permission extends string = string> = {
  /** This context's pool: it acts as `tessera_<name>`, with search_path on its schema. */
  db: Db
  /** A second pool with settings of its own, e.g. for a hot batch statement; same role. */
  openDedicatedPool(options: { connections_max: number; settings: Readonly<Record<string, string>> }): Db
  rpc: RpcClients<Rpc>
  /** Resolves true once these consumers have handled the event, false after `timeout_ms`. */
  delivered(event_id: string, consumers: readonly string[], timeout_ms?: number): Promise<boolean>
  /** Notifies the relay that an SQL function wrote these topics to this context's outbox outside of `transaction`. */
  published(topics: Iterable<string>): void
  /** Called when the process is about to stop: streams end themselves. Returns a function that stops listening. */
  onDrain(listener: () => void): () => void
  signals: Signals
  access: Access<Permission>
  telemetry: Telemetry
  storage: Storage
  secrets: Secrets
  config: Config
}

/**
 * The definition of a context: one object, no logic. `open` creates the dependencies that its handlers share (`Deps`);
 * routes, RPC, consumers and jobs are absent when unused; `close` ends everything that `open` started.
 */
export type ContextDefinition<
  Name extends string,
  Deps,
  Rpc extends object,
  Config,
  Permission extends string = string,
> = {
  name: Name
  /** Folder of repeatable functions and `migrations/`. */
  sql: URL
  open(services: ContextServices<Rpc, Config, Permission>): Promise<Deps>
  routes?(http: Http<Permission>, deps: NoInfer<Deps>): void
  rpc?(deps: NoInfer<Deps>): RpcOf<Name, Rpc>
  consumers?(deps: NoInfer<Deps>): Consumer[]
  jobs?(deps: NoInfer<Deps>): Job[]
  /** Invariants as queries: each must return no rows; run by the auditor role. */
  invariants?: readonly Invariant[]
  close?(deps: NoInfer<Deps>): Promise<void>
}

type RpcOf<Name extends string, Rpc extends object> = Name extends keyof Rpc ? Rpc[Name] : never

/** A context as the composition root sees it: its `Deps` are private. */
export type Context<
  Name extends string,
  Rpc extends object,
  Config,
  Permission extends string = string,
  Deps = unknown,
> = {
  name: Name
  sql: URL
  invariants: readonly Invariant[]
  open(services: ContextServices<Rpc, Config, Permission>): Promise<OpenContext<Name, Rpc, Permission, Deps>>
}

/** An open context. */
export type OpenContext<Name extends string, Rpc extends object, Permission extends string = string, Deps = unknown> = {
  /** For the context's own tests; the composition root sees `unknown`. */
  deps: Deps
  /** Its RPC handlers; null when it has none. */
  rpc: RpcOf<Name, Rpc> | null
  mount(http: Http<Permission>): void
  consumers: Consumer[]
  jobs: Job[]
  close(): Promise<void>
}

/** Binds a context's handlers to the `Deps` that its `open` creates, so that no other code names their type. */
export function defineContext<Name extends string, Deps, Rpc extends object, Config, Permission extends string>(
  definition: ContextDefinition<Name, Deps, Rpc, Config, Permission>,
): Context<Name, Rpc, Config, Permission, Deps> {
  const { name, sql, invariants = [] } = definition
  return {
    name,
    sql,
    invariants,
    open: async (services) => {
      const deps = await definition.open(services)
      return {
        deps,
        rpc: definition.rpc?.(deps) ?? null,
        mount: (http) => definition.routes?.(http, deps),
        consumers: definition.consumers?.(deps) ?? [],
        jobs: definition.jobs?.(deps) ?? [],
        close: async () => definition.close?.(deps),
      }
    },
  }
}
