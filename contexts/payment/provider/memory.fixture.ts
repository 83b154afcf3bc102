import { CHARGE_LIMITS } from '@tessera/contracts/pricing/chargeable.fixture'
import type { Provider, ProviderEvent, ProviderIntent, ProviderRefund, Reference, Reply } from './provider.ts'

/**
 * A provider that shares nothing with another one but the port: it lives in memory, signs with a password, has no secret
 * for the browser, and asks every buyer to log in to their bank.
 */
export type MemoryProvider = Provider & {
  intents: Map<string, ProviderIntent>
  refunds: Map<string, ProviderRefund>
  /** What its list of events shows, newest first, ten a page. */
  events: ProviderEvent[]
  pay(ref: string): void
}

const PASSWORD = 'open sesame'
const PAGE = 10

export function memoryProvider(name: string): MemoryProvider {
  const intents = new Map<string, ProviderIntent>()
  const refunds = new Map<string, ProviderRefund>()
  const events: ProviderEvent[] = []
  const intent = ({ intent_ref }: Reference) => found(intents, intent_ref ?? '')
  return {
    name,
    charge_limits: CHARGE_LIMITS,
    intents,
    refunds,
    events,
    pay: (ref) => {
      const open = intents.get(ref)
      if (open !== undefined) intents.set(ref, { ...open, status: 'succeeded', received: open.amount, fee: 10 })
    },
    createIntent: async ({ payment_id, booking_id, amount }) => {
      const ref = `${name}-${intents.size + 1}`
      const made: ProviderIntent = {
        ref,
        status: 'open',
        client_secret: null,
        page_url: null,
        amount,
        received: { ...amount, amount: 0 },
        fee: null,
        payment_id,
        booking_id,
        failure: null,
        redirect_url: null,
      }
      intents.set(ref, made)
      return { kind: 'ok', value: made }
    },
    openCheckout: async () => ({ kind: 'unsent' }),
    confirmIntent: async (ref) => {
      sendToBank(intents, ref)
      return found(intents, ref)
    },
    fetchIntent: async (of) => intent(of),
    cancelIntent: async (of) => intent(of),
    createRefund: async ({ refund_id, intent_ref, amount }) => {
      const made = {
        ref: `back-${refund_id}`,
        intent_ref,
        amount,
        status: 'succeeded',
        failure: null,
        refund_id,
      } as const
      refunds.set(made.ref, made)
      return { kind: 'ok', value: made }
    },
    fetchRefund: async (ref) => found(refunds, ref),
    refundsOf: async (intent_ref) => ({
      kind: 'ok',
      value: [...refunds.values()].filter((refund) => refund.intent_ref === intent_ref),
    }),
    fetchDispute: async () => ({ kind: 'unsent' }),
    eventsPage: async (_since, after) => {
      const from = Number(after ?? '0')
      const page = events.slice(from, from + PAGE)
      return { kind: 'ok', value: { events: page, next: from + PAGE < events.length ? String(from + PAGE) : null } }
    },
    readWebhook: async ({ raw, headers }) =>
      headers['x-password'] === PASSWORD
        ? { kind: 'event', event: eventAbout(raw.toString('utf8')) }
        : { kind: 'untrusted' },
  }
}

function sendToBank(intents: Map<string, ProviderIntent>, ref: string): void {
  const open = intents.get(ref)
  if (open?.status !== 'open') return
  intents.set(ref, { ...open, status: 'requires_action', redirect_url: `https://bank.test/${ref}` })
}

function found<T>(known: ReadonlyMap<string, T>, ref: string): Reply<T> {
  const value = known.get(ref)
  return value === undefined
    ? { kind: 'refused', code: 'unknown', message: `No ${ref}`, moved: false }
    : { kind: 'ok', value }
}

/** Its webhook is nothing but the reference of an intent. */
export function memoryWebhook(ref: string) {
  return { raw: Buffer.from(ref), headers: { 'x-password': PASSWORD } }
}

export function eventAbout(intent_ref: string, event_id = `paid ${intent_ref}`): ProviderEvent {
  return {
    event_id,
    type: 'paid',
    about: 'intent',
    intent_ref,
    refund_ref: null,
    dispute_ref: null,
    payment_hint: null,
  }
}
