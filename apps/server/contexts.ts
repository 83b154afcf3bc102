import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { Secrets } from '#platform/auth'
import type { Context } from '#platform/context'
import type { Db } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { BookingConfig } from '../../contexts/booking/index.ts'
import type { CatalogConfig } from '../../contexts/catalog/index.ts'
import type { IdentityConfig } from '../../contexts/identity/index.ts'
import type { PaymentConfig } from '../../contexts/payment/index.ts'
import type { TicketingConfig } from '../../contexts/ticketing/index.ts'

export type ContextName = keyof ContextRpc | 'realtime'

/** The slice of the settings of each context. */
export type ContextConfigs = {
  identity: IdentityConfig
  catalog: CatalogConfig
  booking: BookingConfig
  payment: PaymentConfig
  ticketing: TicketingConfig
  checkin: null
  realtime: null
}

/** Every context of the product: name → lazy import. The only file of the product that imports them. */
export const contexts: {
  readonly [Name in ContextName]: () => Promise<Context<Name, ContextRpc, ContextConfigs[Name], Permission>>
} = {
  identity: async () => (await import('../../contexts/identity/index.ts')).identity,
  catalog: async () => (await import('../../contexts/catalog/index.ts')).catalog,
  booking: async () => (await import('../../contexts/booking/index.ts')).booking,
  payment: async () => (await import('../../contexts/payment/index.ts')).payment,
  ticketing: async () => (await import('../../contexts/ticketing/index.ts')).ticketing,
  checkin: async () => (await import('../../contexts/checkin/index.ts')).checkin,
  realtime: async () => (await import('../../contexts/realtime/index.ts')).realtime,
}

export const contextNames = Object.keys(contexts) as ContextName[]

/** The contexts that open one dedicated pool each; the budget of connections contains it. */
export const withDedicatedPool: readonly ContextName[] = ['catalog', 'booking', 'payment', 'checkin']

/** The types of webhooks that payment's adapter of this provider makes something of. */
export async function webhookTypesOf(provider: string): Promise<readonly string[]> {
  return (await import('../../contexts/payment/index.ts')).webhookTypesOf(provider)
}

/** What retiring the demo needs of catalog beyond HTTP; `db` is catalog's own. */
export async function catalogTools(deps: { db: Db }) {
  const { cancelEventsOf } = await import('../../contexts/catalog/index.ts')
  return { cancelEventsOf: (organization_ids: readonly string[]) => cancelEventsOf(deps, { organization_ids }) }
}

type PeopleDeps = { db: Db; secrets: Secrets; log: Log; token_issuer: string }

/** Identity's functions for tools and demo data beyond HTTP; `db` is identity's own. */
export async function peopleTools(deps: PeopleDeps) {
  const { issueTokens, makeAdmin, retireDemoUsers, seedDemoUsers } = await import('../../contexts/identity/index.ts')
  return {
    seedDemo: () => seedDemoUsers(deps),
    retireDemo: () => retireDemoUsers(deps),
    issueTokens: (count: number) => issueTokens(deps, count),
    makeAdmin: (email: string) => makeAdmin(deps.db, email),
  }
}
