import type { Core } from '../core.ts'
import { closeDispute as close, DISPUTE_REASONS, openDispute as opened } from '../dispute.ts'
import type { Fault } from '../faults.ts'
import { answerChallenge, backstageOf, postponeOutcome } from '../intent.ts'
import type { ApiObject, Charge, Dispute, Intent, LateOutcome, StripeEvent, Totals } from '../objects.ts'
import { Refusal } from '../refusal.ts'
import type { State } from '../state.ts'
import type { Behaviour } from '../webhooks/behaviour.ts'
import type { Attempt, Endpoint } from '../webhooks/deliverer.ts'

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
  withheld: () => readonly StripeEvent[]
  ledger: () => LedgerLine[]
  /** What is due later happens now. */
  hurry: () => Promise<void>
  /** Resolves when nothing is due and no webhook is under way (withheld ones aside). */
  settle: () => Promise<void>
  /** Forgets everything, also in the journal. Endpoint and webhook behaviour stay. */
  reset: () => Promise<void>
}

export type NewDispute = { charge?: string; payment_intent?: string; amount?: number; reason?: string }
export type LedgerLine = Omit<Totals, 'object' | 'id'> & { currency: string; balance: number }

export const KINDS = ['payment_intents', 'charges', 'refunds', 'balance_transactions', 'disputes', 'events'] as const
export type Kind = (typeof KINDS)[number]

const OBJECTS_LIMIT_DEFAULT = 100

export function makeControl(core: Core): Control {
  const { state, deliverer, faults } = core
  return {
    webhooks: (change) => {
      deliverer.behave({ ...deliverer.behaviour, ...change })
      return deliverer.behaviour
    },
    endpoint: (endpoint) => deliverer.aim(endpoint),
    release: (which = {}) => release(core, which),
    resend: (event_id) => {
      const event = state.events.get(event_id) ?? unknown('event', event_id)
      deliverer.send(event)
      return event
    },
    fault: (fault) => faults.arm({ method: null, times: 1, delay_ms: 0, ...fault }),
    faults: () => faults.list(),
    clearFaults: () => faults.clear(),
    late: (payment_intent, late) => core.act((tx) => postponeOutcome(tx, intentNamed(state, payment_intent), late)),
    challenge: (payment_intent, answer) =>
      core.act((tx) => answerChallenge(tx, intentNamed(state, payment_intent), answer).intent),
    dispute: (input) => dispute(core, input),
    closeDispute: (dispute_id, status) => closeDispute(core, dispute_id, status),
    objects: (kind, limit = OBJECTS_LIMIT_DEFAULT) => [...shelfNamed(state, kind).newestFirst().take(limit)],
    attempts: () => deliverer.attempts,
    withheld: () => deliverer.withheld,
    ledger: () => [...state.totals.values()].map(ledgerLine),
    hurry: () => core.hurry(),
    settle: () => core.settled(),
    reset: () => core.reset(),
  }
}

function release(
  core: Core,
  which: { ids?: readonly string[]; types?: readonly string[]; newest_first?: boolean },
): number {
  const chosen = core.deliverer.withheld.filter(
    (event) => (which.ids?.includes(event.id) ?? true) && (which.types?.includes(event.type) ?? true),
  )
  for (const event of which.newest_first === true ? chosen.reverse() : chosen) core.deliverer.send(event)
  return chosen.length
}

async function dispute(core: Core, input: NewDispute): Promise<Dispute> {
  const { state } = core
  const charge = disputedCharge(state, input)
  const intent = intentNamed(state, charge.payment_intent)
  const left = charge.amount_captured - charge.amount_refunded
  const amount = input.amount ?? left
  if (charge.status !== 'succeeded' || amount < 1 || amount > left) {
    throw refused(`Charge ${charge.id} cannot be disputed for ${amount}: ${left} of it is left.`)
  }
  const reason = input.reason ?? DISPUTE_REASONS[0]
  return core.act((tx) => {
    const back = backstageOf(tx, intent)
    const open = back.parts.some((id) => state.disputes.get(id)?.status === 'needs_response')
    if (open) throw refused(`Charge ${charge.id} is disputed already.`)
    return opened(tx, charge, back, { reason, amount })
  })
}

function closeDispute(core: Core, dispute_id: string, status: 'won' | 'lost'): Promise<Dispute> {
  const { state } = core
  const found = state.disputes.get(dispute_id) ?? unknown('dispute', dispute_id)
  const charge = state.charges.get(found.charge) ?? unknown('charge', found.charge)
  const intent = intentNamed(state, found.payment_intent)
  return core.act((tx) => close(tx, found, charge, backstageOf(tx, intent), status))
}

function disputedCharge(state: State, input: NewDispute): Charge {
  const id = input.charge ?? intentNamed(state, input.payment_intent ?? '').latest_charge ?? ''
  return state.charges.get(id) ?? unknown('charge', id)
}

function intentNamed(state: State, id: string): Intent {
  return state.intents.get(id) ?? unknown('payment_intent', id)
}

function shelfNamed(state: State, kind: Kind): { newestFirst: () => Generator<ApiObject> } {
  switch (kind) {
    case 'payment_intents':
      return state.intents
    case 'charges':
      return state.charges
    case 'refunds':
      return state.refunds
    case 'balance_transactions':
      return state.transactions
    case 'disputes':
      return state.disputes
    case 'events':
      return state.events
  }
}

/** `balance` is what Stripe would still owe the account: what came in, less everything that went out. */
function ledgerLine({ id, captured, refunded, fees, disputed, dispute_fees }: Totals): LedgerLine {
  const balance = captured - refunded - fees - disputed - dispute_fees
  return { currency: id, captured, refunded, fees, disputed, dispute_fees, balance }
}

function unknown(what: string, id: string): never {
  throw new Refusal(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
  })
}

function refused(message: string): Refusal {
  return new Refusal(400, { type: 'invalid_request_error', message })
}
