import { named } from './api/read.ts'
import type { Core } from './core.ts'
import { closeDispute, openDispute } from './dispute.ts'
import type { Fault } from './faults.ts'
import { answerChallenge, postponeOutcome } from './intent.ts'
import type { Kind, LateOutcome } from './objects.ts'
import type { Behaviour } from './webhooks/behaviour.ts'
import type { Endpoint } from './webhooks/deliverer.ts'

export type Control = ReturnType<typeof makeControl>

type Which = { ids?: readonly string[]; types?: readonly string[]; newest_first?: boolean }
type DisputeOrder = { charge?: string; payment_intent?: string; amount?: number; reason?: string }

/** What a test or a demo may do to the sandbox: the same in process and over HTTP (`/sandbox/…`). */
export function makeControl(core: Core) {
  const { store, deliverer, faults } = core
  const known = <K extends Kind>(kind: K, id: string) => named({ store }, kind, id)
  return {
    /** Changes how webhooks misbehave; answers the whole behaviour. */
    webhooks: (change: Partial<Behaviour>) => deliverer.behave(change),
    /** Where webhooks go and what signs them; null = nobody listens. */
    endpoint: (endpoint: Endpoint | null) => void (deliverer.endpoint = endpoint),
    withheld: () => [...deliverer.withheld.keys()].map((id) => known('events', id)),
    /** Sends withheld events: all, or those of the given ids or types, oldest first or newest first. Answers how many. */
    release: ({ ids, types, newest_first = false }: Which = {}) => {
      const chosen = [...deliverer.withheld.values()].filter(
        ({ id, type }) => (ids?.includes(id) ?? true) && (types?.includes(type) ?? true),
      )
      for (const event of newest_first ? chosen.reverse() : chosen) deliverer.send(event)
      return chosen.length
    },
    resend: (event_id: string) => {
      const event = known('events', event_id)
      deliverer.send(event)
      return event
    },
    attempts: () => deliverer.attempts,
    fault: (fault: Partial<Fault> & Pick<Fault, 'path' | 'fault'>) => {
      faults.push({ method: null, times: 1, delay_ms: 0, ...fault })
    },
    faults: () => faults,
    clearFaults: () => void faults.splice(0),
    /** The next authorization of the intent answers `processing`; the outcome comes after the given time. */
    late: async (payment_intent: string, late: LateOutcome) =>
      core.act((tx) => postponeOutcome(tx, known('payment_intents', payment_intent), late)),
    challenge: async (payment_intent: string, answer: 'complete' | 'fail') =>
      core.act((tx) => answerChallenge(tx, known('payment_intents', payment_intent), answer)),
    dispute: async ({ charge, payment_intent, ...order }: DisputeOrder) => {
      const id = charge ?? known('payment_intents', payment_intent ?? '').latest_charge ?? ''
      return core.act((tx) => openDispute(tx, known('charges', id), order))
    },
    closeDispute: async (dispute_id: string, status: 'won' | 'lost') => {
      const dispute = known('disputes', dispute_id)
      return core.act((tx) => closeDispute(tx, dispute, known('charges', dispute.charge), status))
    },
    /** The newest objects of a kind first. */
    objects: (kind: Kind, limit = 100) => store.list(kind, limit),
    ledger: () => store.totals(),
    /** What is due later happens now. */
    hurry: () => core.settleUntil(Number.MAX_SAFE_INTEGER),
    /** Resolves when nothing is due and no webhook is under way (withheld ones aside). */
    settle: () => core.settled(),
    /** Forgets everything. Endpoint and webhook behaviour stay. */
    reset: async () => {
      deliverer.clear()
      faults.splice(0)
      store.clear()
    },
  }
}
