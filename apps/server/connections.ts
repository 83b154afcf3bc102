import { type ContextName, contextNames, withDedicatedPool } from './contexts.ts'

/**
 * The distribution of one server process's connections over its pools. PostgreSQL limits the connections of all
 * processes together (`max_connections`), so each process has a budget that its pools fit into.
 */
export type ConnectionPlan = {
  /** The pool of each context. */
  context: number
  /** The most connections of a dedicated pool. */
  dedicated_pool_max: number
  owner: number
  /** One for the continuous checks, one for a whole check on demand, which can take minutes. */
  auditor: number
  relay: number
}

/** Sessions independent of the budget: registry, signals, health, the relay's lock. */
const SESSIONS = 4
const JOBS = 3

const GENEROUS: ConnectionPlan = { context: 6, dedicated_pool_max: 4, owner: 2, auditor: 2, relay: 6 }
/** With fewer, requests that hold one connection and need a second would wait for each other. */
const LEAST: ConnectionPlan = { context: 3, dedicated_pool_max: 2, owner: 2, auditor: 2, relay: 4 }

function total(plan: ConnectionPlan): number {
  return (
    SESSIONS +
    JOBS +
    contextNames.length * plan.context +
    withDedicatedPool.length * plan.dedicated_pool_max +
    plan.owner +
    plan.auditor +
    plan.relay
  )
}

/** Behind a pooler the contexts' connections are the pooler's; these bypass it. */
const PAST_POOLER = SESSIONS + JOBS + GENEROUS.owner + GENEROUS.relay

/** The numbers of connections that a process requests from the registry. */
export function connectionsOf(pooled: boolean): { wanted: number; least: number } {
  return pooled ? { wanted: PAST_POOLER, least: PAST_POOLER } : { wanted: total(GENEROUS), least: total(LEAST) }
}

/** The largest pools that `connections` are enough for. */
export function planConnections(connections: number, pooled: boolean): ConnectionPlan {
  if (pooled) return GENEROUS
  let plan = LEAST
  for (let context = LEAST.context; context <= GENEROUS.context; context++) {
    const larger = {
      ...GENEROUS,
      context,
      ...(context === GENEROUS.context ? {} : { dedicated_pool_max: LEAST.dedicated_pool_max, relay: LEAST.relay }),
    }
    if (total(larger) <= connections) plan = larger
  }
  return plan
}

/** Throws when a context that has opened this many dedicated pools opens one that the budget does not contain. */
export function requireBudgeted(name: ContextName, opened: number): void {
  if (withDedicatedPool.includes(name) && opened === 0) return
  throw new Error(
    `The budget of connections has no ${opened === 0 ? '' : 'second '}dedicated pool of ${name} (apps/server/contexts.ts)`,
  )
}
