import type { Provider } from './provider.ts'
import { openRegistry, type Providers } from './registry.ts'
import { EVENT_TYPES } from './stripe/events.ts'
import { stripeFrom } from './stripe/settings.ts'

type Settings = Readonly<Record<string, string>>
/** By name of the provider, the preferred one first; what a slice holds, its adapter knows. */
export type ProviderSettings = Readonly<Record<string, Settings>>
type Adapter = {
  open(settings: Settings, onBreaker: (state: 'closed' | 'open') => void): Provider
  /** The types of webhooks that it makes something of. */
  webhook_types: readonly string[]
}

/** Every adapter there is, by the name that payments, settings and webhook paths give it. */
const ADAPTERS: ReadonlyMap<string, Adapter> = new Map([['stripe', { open: stripeFrom, webhook_types: EVENT_TYPES }]])

/** Opens the providers that are configured, the first one preferred. Throws for a name without an adapter. */
export function openProviders(
  configured: ProviderSettings,
  onBreaker: (provider: string, state: 'closed' | 'open') => void,
): Providers {
  const [first, ...others] = Object.entries(configured).map(([name, settings]) => {
    return adapterOf(name).open(settings, (state) => onBreaker(name, state))
  })
  if (first === undefined) throw new Error('No payment provider is configured')
  return openRegistry([first, ...others])
}

/** The types of webhooks that a provider's adapter makes something of: what an endpoint of ours there subscribes to. */
export function webhookTypesOf(provider: string): readonly string[] {
  return adapterOf(provider).webhook_types
}

function adapterOf(name: string): Adapter {
  const adapter = ADAPTERS.get(name)
  if (adapter === undefined) throw new Error(`There is no adapter for the payment provider ${name}`)
  return adapter
}
