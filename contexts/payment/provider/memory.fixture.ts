import type { Provider, ProviderEvent, ProviderIntent, ProviderRefund, Reference, Reply } from './provider.ts'

/** A provider that shares nothing with another one but the port: it lives in memory and signs with a password. */
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
        client_secret: `secret of ${payment_id}`,
        page_url: null,
        amount,
        received: { ...amount, amount: 0 },
        fee: null,
        payment_id,
        booking_id,
        failure: null,
        next_action: null,
      }
      intents.set(ref, made)
      return { kind: 'ok', value: made }
    },
    openCheckout: async () => ({ kind: 'unsent' }),
    confirmIntent: async (ref) => found(intents, ref),
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
