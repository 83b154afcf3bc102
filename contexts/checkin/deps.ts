import type { Permission } from '@tessera/contracts/permissions'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import type { TicketingRpc } from '@tessera/contracts/rpc/ticketing'
import type { Access } from '#platform/auth'
import type { Db } from '#platform/db'
import type { Telemetry } from '#platform/telemetry'
import type { CodeKeys } from './code-keys.ts'
import type { FailureLimit } from './failure-limit.ts'
import type { Performances } from './performances.ts'
import type { ScanBatcher } from './scan-batcher.ts'

/** Dependencies shared by check-in's routes, RPC, consumers and jobs. */
export type Deps = {
  db: Db
  access: Access<Permission>
  ticketing: Pick<TicketingRpc, 'door_ticket'>
  identity: Pick<IdentityRpc, 'person'>
  /** Failed short codes, per person. */
  shortCodeFailures: FailureLimit
  performances: Performances
  codeKeys: CodeKeys
  batcher: ScanBatcher
  scans: ReturnType<Telemetry['counter']>
}
