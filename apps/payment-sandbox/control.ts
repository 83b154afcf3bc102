import type { Core } from './core.ts'
import { closeDispute as close, DISPUTE_REASONS, openDispute as opened } from './dispute.ts'
import type { Fault } from './faults.ts'
import { answerChallenge, postponeOutcome } from './intent.ts'
import {
  type ApiObject,
  type Dispute,
  type Intent,
  KINDS,
  type Kind,
  type LateOutcome,
  type ObjectOf,
  type StripeEvent,
} from './objects.ts'
import { Refusal } from './refusal.ts'
import type { Totals } from './store.ts'
import type { Behaviour } from './webhooks/behaviour.ts'
import type { Attempt, Endpoint } from './webhooks/deliverer.ts'

/** What a test or a demo may do to the sandbox: the same in process and over HTTP (`/sandbox/…`). */
export type Control = {
  /** Changes how webhooks misbehave; answers the whole behaviour. */
  webhooks: (change: Partial<Behaviour>) => Behaviour
  /** Where webhooks go and what signs them; null = nobody listens. */
  endpoint: (endpoint: Endpoint | null) => void
  /** Sends withheld events: all, or those of the given ids or types, oldest first or newest first. Answers how many. */
  release: (which?: { ids?: readonly string[]; types?: readonly string[]; newest_first?: boolean }) => number
  resend: (event_id: string) => StripeEvent
  fault: (fault: Partial<Fault> & Pick<Fault, 'path' | 'fault'>) => void
  faults: () => Fault[]
  clearFaults: () => void
  /** The next authorisation of the intent answers `processing`; the outcome comes after the given time. */
  late: (payment_intent: string, late: LateOutcome) => Promise<void>
  challenge: (payment_intent: string, answer: 'complete' | 'fail') => Promise<Intent>
  dispute: (input: NewDispute) => Promise<Dispute>
  closeDispute: (dispute_id: string, status: 'won' | 'lost') => Promise<Dispute>
  /** The newest objects of a kind first, at most `limit` (default 100). */
  objects: (kind: Kind, limit?: number) => ApiObject[]
  attempts: () => readonly Attempt[]
  withheld: () => StripeEvent[]
  ledger: () => LedgerLine[]
  /** What is due later happens now. */
  hurry: () => Promise<void>
  /** Resolves when nothing is due and no webhook is under way (withheld ones aside). */
  settle: () => Promise<void>
  /** Forgets everything. Endpoint and webhook behaviour stay. */
  reset: () => Promise<void>
}

export type NewDispute = { charge?: string; payment_intent?: string; amount?: number; reason?: string }
export type LedgerLine = Totals & { currency: string; balance: number }

const OBJECTS_LIMIT_DEFAULT = 100

export function makeControl(core: Core): Control {
  const { store, deliverer, faults } = core
  return {
    webhooks: (change) => {
      deliverer.behave({ ...deliverer.behaviour, ...change })
      return deliverer.behaviour
    },
    endpoint: (endpoint) => deliverer.aim(endpoint),
    release: ({ ids, types, newest_first = false } = {}) => {
      const chosen = deliverer.withheld.filter(
        ({ id, type }) => (ids?.includes(id) ?? true) && (types?.includes(type) ?? true),
      )
      for (const event of newest_first ? chosen.reverse() : chosen) deliverer.send(event)
      return chosen.length
    },
    resend: (event_id) => {
      const event = known(core, 'events', event_id)
      deliverer.send(event)
      return event
    },
    fault: (fault) => faults.arm({ method: null, times: 1, delay_ms: 0, ...fault }),
    faults: () => faults.list(),
    clearFaults: () => faults.clear(),
    late: async (payment_intent, late) =>
      core.act((tx) => postponeOutcome(tx, known(core, 'payment_intents', payment_intent), late)),
    challenge: async (payment_intent, answer) =>
      core.act((tx) => answerChallenge(tx, known(core, 'payment_intents', payment_intent), answer).intent),
    dispute: async (input) => dispute(core, input),
    closeDispute: async (dispute_id, status) => {
      const found = known(core, 'disputes', dispute_id)
      return core.act((tx) => close(tx, found, known(core, 'charges', found.charge), status))
    },
    objects: (kind, limit = OBJECTS_LIMIT_DEFAULT) => store.list({ kind, where: [], values: [], limit }),
    attempts: () => deliverer.attempts,
    withheld: () => deliverer.withheld.map(({ id }) => known(core, 'events', id)),
    ledger: () => store.totals().map(ledgerLine),
    hurry: async () => core.hurry(),
    settle: () => core.settled(),
    reset: async () => core.reset(),
  }
}

function dispute(core: Core, input: NewDispute): Dispute {
  const id = input.charge ?? known(core, 'payment_intents', input.payment_intent ?? '').latest_charge ?? ''
  const charge = known(core, 'charges', id)
  const left = charge.amount_captured - charge.amount_refunded
  const amount = input.amount ?? left
  if (charge.status !== 'succeeded' || amount < 1 || amount > left) {
    throw refused(`Charge ${charge.id} cannot be disputed for ${amount}: ${left} of it is left.`)
  }
  const before = core.store.of('disputes', charge.payment_intent)
  if (before.some((each) => each.status === 'needs_response')) throw refused(`Charge ${charge.id} is disputed already.`)
  return core.act((tx) => opened(tx, charge, { reason: input.reason ?? DISPUTE_REASONS[0], amount }))
}

function known<K extends Kind>(core: Core, kind: K, id: string): ObjectOf<K> {
  const object = core.store.get(kind, id)
  if (object !== undefined) return object
  const message = `No such ${KINDS[kind]}: '${id}'`
  throw new Refusal(404, { type: 'invalid_request_error', code: 'resource_missing', message })
}

/** `balance` is what Stripe would still owe the account: what came in, less everything that went out. */
function ledgerLine(line: Totals & { currency: string }): LedgerLine {
  const { captured, refunded, fees, disputed, dispute_fees } = line
  return { ...line, balance: captured - refunded - fees - disputed - dispute_fees }
}

function refused(message: string): Refusal {
  return new Refusal(400, { type: 'invalid_request_error', message })
}
