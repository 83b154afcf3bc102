import type { CheckinRpc } from '@tessera/contracts/rpc/checkin'
import type { Db } from '#platform/db'
import { revoke, used } from './revoke.ts'

export function rpc(deps: { db: Db }): CheckinRpc {
  return {
    revoke: (input) => revoke(deps, input),
    used: (input) => used(deps, input),
  }
}
