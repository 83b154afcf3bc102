import type { Db } from '#platform/db'
import type { Provider } from '../provider/provider.ts'
import type { Pump } from './pump.ts'
import { recordEvents } from './record.ts'

type Deps = { db: Db; provider: Provider; webhook_secrets: readonly string[]; webhooks: Pump }

export type Received = { kind: 'recorded' } | { kind: 'bad-signature' } | { kind: 'unavailable' }

/**
 * Takes a webhook: the signature is checked on the bytes as they came, the event is written down, and only then answered.
 * What it means is found out afterwards, from the provider itself. Without a secret nothing can be trusted, so nothing is.
 */
export async function receiveWebhook(deps: Deps, raw: Buffer, signature: string | undefined): Promise<Received> {
  if (deps.webhook_secrets.length === 0) return { kind: 'unavailable' }
  const event = signature === undefined ? null : await deps.provider.verify(raw, signature, deps.webhook_secrets)
  if (event === null) return { kind: 'bad-signature' }
  await recordEvents(deps.db, deps.provider.name, 'delivery', [event])
  deps.webhooks.nudge()
  return { kind: 'recorded' }
}
