import type { ProductConfig } from '@tessera/contracts/config'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { Secrets } from '#platform/auth'
import type { ContextModule } from '#platform/context'
import type { Db } from '#platform/db'
import type { Log } from '#platform/telemetry'

export type ContextName = keyof ContextRpc | 'realtime'
export type ProductContext<Name extends ContextName, Deps> = ContextModule<
  Name,
  Deps,
  ContextRpc,
  ProductConfig,
  Permission
>

/** What is done with each context; generic, because each has `Deps` of its own. */
export type ContextVisitor<Result> = <Name extends ContextName, Deps>(context: ProductContext<Name, Deps>) => Result

type Visit = <Result>(visitor: ContextVisitor<Result>) => Promise<Result>

/** Every context of the product: name → lazy import. The only place with a path to them. */
export const contexts: Readonly<Record<ContextName, Visit>> = {
  identity: async (visit) => visit((await import('../../contexts/identity/index.ts')).identity),
  catalog: async (visit) => visit((await import('../../contexts/catalog/index.ts')).catalog),
  booking: async (visit) => visit((await import('../../contexts/booking/index.ts')).booking),
  payment: async (visit) => visit((await import('../../contexts/payment/index.ts')).payment),
  ticketing: async (visit) => visit((await import('../../contexts/ticketing/index.ts')).ticketing),
  checkin: async (visit) => visit((await import('../../contexts/checkin/index.ts')).checkin),
  realtime: async (visit) => visit((await import('../../contexts/realtime/index.ts')).realtime),
}

export const contextNames = Object.keys(contexts) as ContextName[]

type PeopleDeps = { db: Db; secrets: Secrets; log: Log; token_issuer: string }

/** What tools and demo data need of identity beyond HTTP; `db` is identity's own. */
export async function peopleTools(deps: PeopleDeps) {
  const { issueTokens, makeAdmin, retireDemoUsers, seedDemoUsers } = await import('../../contexts/identity/index.ts')
  return {
    seedDemo: () => seedDemoUsers(deps),
    retireDemo: () => retireDemoUsers(deps),
    issueTokens: (count: number) => issueTokens(deps, count),
    makeAdmin: (email: string) => makeAdmin(deps.db, email),
  }
}
