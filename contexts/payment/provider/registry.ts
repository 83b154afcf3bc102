import type { Provider } from './provider.ts'

/** The providers of this process. Each payment names the one it was opened with, and stays with it for life. */
export type Providers = {
  /** For a payment that asks for none. */
  preferred: Provider
  names: readonly string[]
  find(name: string): Provider | undefined
  /** Throws when the payment's provider is not configured any more: its payments cannot be served, others can. */
  of(payment: { provider: string }): Provider
}

/** The first is the preferred one. Names must differ. */
export function openRegistry(providers: readonly [Provider, ...Provider[]]): Providers {
  const byName = new Map(providers.map((provider) => [provider.name, provider]))
  if (byName.size !== providers.length) throw new Error('Two payment providers have one name')
  return {
    preferred: providers[0],
    names: [...byName.keys()],
    find: (name) => byName.get(name),
    of: (payment) => {
      const provider = byName.get(payment.provider)
      if (provider === undefined) throw new Error(`The payment provider ${payment.provider} is not configured`)
      return provider
    },
  }
}
