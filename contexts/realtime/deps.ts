import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextServices } from '#platform/context'
import type { Hub } from './hub.ts'
import type { Views } from './views.ts'

export type Services = ContextServices<ContextRpc, null, Permission>
export type Deps = Services & { views: Views; hub: Hub; leave(): void }
