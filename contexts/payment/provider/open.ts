import type { Provider } from './provider.ts'
import { openRegistry, type Providers } from './registry.ts'
import { stripeFrom } from './stripe/settings.ts'

type Settings = Readonly<Record<string, string>>
/** By name of the provider, the preferred one first; what a slice holds, its adapter knows. */
export type ProviderSettings = Readonly<Record<string, Settings>>
type Open = (settings: Settings, onBreaker: (state: 'closed' | 'open') => void) => Provider

/** Every adapter there is, by the name that payments, settings and webhook paths give it. */
const ADAPTERS: ReadonlyMap<string, Open> = new Map([['stripe', stripeFrom]])

/** Opens the providers that are configured, the first one preferred. Throws for a name without an adapter. */
export function openProviders(
  configured: ProviderSettings,
  onBreaker: (provider: string, state: 'closed' | 'open') => void,
): Providers {
  const [first, ...others] = Object.entries(configured).map(([name, settings]) => {
    const open = ADAPTERS.get(name)
    if (open === undefined) throw new Error(`There is no adapter for the payment provider ${name}`)
    return open(settings, (state) => onBreaker(name, state))
  })
  if (first === undefined) throw new Error('No payment provider is configured')
  return openRegistry([first, ...others])
}
