import type { Lane } from '../lane.ts'
import type { Provider, ProviderEvent } from '../provider/provider.ts'
import type { Pump } from './pump.ts'

export type EventLane = { event: Lane<ProviderEvent, void> }

type Deps = { lanes: EventLane; provider: Provider; webhook_secrets: readonly string[]; webhooks: Pump }

export type Received = { kind: 'recorded' } | { kind: 'bad-signature' } | { kind: 'unavailable' }

/**
 * Takes a webhook: the signature is checked on the bytes as they came, the event is written down, and only then answered.
 * What it means is found out afterwards, from the provider itself. Without a secret nothing can be trusted, so nothing is.
 */
export async function receiveWebhook(deps: Deps, raw: Buffer, signature: string | undefined): Promise<Received> {
  if (deps.webhook_secrets.length === 0) return { kind: 'unavailable' }
  const event = signature === undefined ? null : await deps.provider.verify(raw, signature, deps.webhook_secrets)
  if (event === null) return { kind: 'bad-signature' }
  await deps.lanes.event.submit(event)
  deps.webhooks.nudge()
  return { kind: 'recorded' }
}
