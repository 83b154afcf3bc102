import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextServices } from '#platform/context'
import { BY_KEY } from '#platform/db'
import { openCodeKeys } from './code-keys.ts'
import type { Deps } from './deps.ts'
import { openFailureLimit } from './failure-limit.ts'
import { openPerformances } from './performances.ts'
import { openScanBatcher } from './scan-batcher.ts'

/** Allows for typing errors; stops a guesser long before one of 23⁹ codes is found. */
const SHORT_CODE_FAILURES = { failures_max: 10, window_s: 60 }

export async function open(services: ContextServices<ContextRpc, null, Permission>): Promise<Deps> {
  const { db, access, rpc, telemetry } = services
  const pool = services.openDedicatedPool({ connections_max: 2, settings: BY_KEY })
  return {
    db,
    access,
    ticketing: rpc.ticketing,
    identity: rpc.identity,
    shortCodeFailures: openFailureLimit(SHORT_CODE_FAILURES),
    performances: openPerformances({ db, catalog: rpc.catalog }),
    codeKeys: await openCodeKeys({ db, ticketing: rpc.ticketing }),
    batcher: openScanBatcher(pool, () => services.published(['checkin.admitted'])),
    scans: telemetry.counter('checkin_scans_total', 'Scans at the door by what was answered', ['result']),
  }
}
