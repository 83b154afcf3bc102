import type { Batcher } from '#platform/batching'
import type { WebhookRequest } from '../provider/provider.ts'
import type { Providers } from '../provider/registry.ts'
import type { Pump } from './pump.ts'
import type { HeardEvent } from './record.ts'

export type EventBatcher = { event: Batcher<HeardEvent, void> }

type Deps = { batchers: EventBatcher; providers: Providers; webhooks: Pump }

export type WebhookOutcome =
  | { kind: 'recorded' }
  /** Not signed by the provider, or no event. */
  | { kind: 'untrusted' }
  /** Without a secret nothing can be trusted, so nothing is. */
  | { kind: 'unconfigured' }

/**
 * Takes a webhook: its provider authenticates the request as it came, the event is written down, and only then
 * answered. What it means is found out afterwards, from the provider itself. An event that says nothing about our money
 * is acknowledged and leaves no trace.
 */
export async function receiveWebhook(deps: Deps, provider: string, request: WebhookRequest): Promise<WebhookOutcome> {
  const read = await deps.providers.of({ provider }).readWebhook(request)
  if (read.kind !== 'event') return read
  if (read.event.about !== null) {
    await deps.batchers.event.submit({ provider, ...read.event })
    deps.webhooks.nudge()
  }
  return { kind: 'recorded' }
}
