/**
 * How the connections of one server process are spread over its pools. PostgreSQL takes a limited number over all
 * processes (`max_connections`), so each process has a budget and its pools fit into it.
 */
export type ConnectionPlan = {
  /** The pool of each context. */
  context: number
  /** The most that a second pool of a context may have. */
  lane_max: number
  owner: number
  auditor: number
  relay: number
}

/** Sessions that are there whatever the budget: registry, signals, health, relay's lock. */
const SESSIONS = 4
const JOBS = 3
const CONTEXTS = 7
/** Second pools: of catalog, booking, payment and checkin. */
const LANES = 4

const GENEROUS: ConnectionPlan = { context: 6, lane_max: 4, owner: 2, auditor: 1, relay: 6 }
/** With fewer, requests that hold one connection and need a second would wait for each other. */
const LEAST: ConnectionPlan = { context: 3, lane_max: 2, owner: 2, auditor: 1, relay: 4 }

function total(plan: ConnectionPlan): number {
  return SESSIONS + JOBS + CONTEXTS * plan.context + LANES * plan.lane_max + plan.owner + plan.auditor + plan.relay
}

/** Behind a pooler the contexts' connections are the pooler's concern; these are what goes past it. */
const PAST_POOLER = SESSIONS + JOBS + GENEROUS.owner + GENEROUS.relay

/** What a process asks the registry for. */
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
      ...(context === GENEROUS.context ? {} : { lane_max: LEAST.lane_max, relay: LEAST.relay }),
    }
    if (total(larger) <= connections) plan = larger
  }
  return plan
}
