import type { ContextModule } from '#platform/context'
import type { ProductConfig } from '@tessera/contracts/config'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'

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

/** What tools and demo data need of identity beyond HTTP; `deps` is what its face opened. */
export async function peopleTools(deps: unknown) {
  const { issueTokens, makeAdmin, seedDemoUsers } = await import('../../contexts/identity/index.ts')
  const own = deps as Parameters<typeof seedDemoUsers>[0]
  return {
    seedDemo: () => seedDemoUsers(own),
    issueTokens: (count: number) => issueTokens(own as Parameters<typeof issueTokens>[0], count),
    makeAdmin: (email: string) => makeAdmin((own as Parameters<typeof issueTokens>[0]).db, email),
  }
}
