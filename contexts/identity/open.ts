import type { Permission } from '@tessera/contracts/permissions'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import { type Access, createPasswords, type Passwords, type Secrets } from '#platform/auth'
import type { ContextServices } from '#platform/context'
import type { Db } from '#platform/db'
import type { Signals } from '#platform/signals'
import type { Log } from '#platform/telemetry'
import { type AccessTokens, createAccessTokens } from './access-tokens.ts'
import { createMemberships, type Memberships } from './memberships.ts'
import { watchRevocations } from './revocations.ts'
import { onMembershipsChanged } from './signals.ts'
import { currentKey } from './signing-keys.ts'

/** Identity's slice of the settings. */
export type IdentityConfig = {
  /** The one origin that browsers see, e.g. `http://localhost:3000`. */
  public_origin: string
  /** `iss` of access tokens: the same whichever port this process was given. */
  token_issuer: string
  /** False for load tests: no quotas of new accounts and guests by source. */
  rate_limits: boolean
}

/** What the ways into identity share. */
export type Deps = {
  db: Db
  access: Access<Permission>
  passwords: Passwords
  access_tokens: AccessTokens
  adoptBookings: BookingRpc['adopt']
  secrets: Secrets
  signals: Signals
  log: Log
  memberships: Memberships
  /** Where links of ours lead. */
  public_origin: string
  /** Whether cookies may travel over https only. */
  secure_cookies: boolean
  /** Whether new accounts and guests are limited by source. Log-ins always are. */
  source_quotas: boolean
  stop: () => void
}

export async function open(services: ContextServices<ContextRpc, IdentityConfig, Permission>): Promise<Deps> {
  const { db, access, secrets, signals, config } = services
  const log = services.telemetry.log
  const memberships = createMemberships(db)
  const stopListening = onMembershipsChanged(signals, (user_id) => memberships.forget(user_id))
  const revocations = await watchRevocations({
    db,
    tell: (session_ids) => signals.tell('sessions-revoked', { session_ids }),
    log,
  })
  return {
    db,
    access,
    passwords: createPasswords(),
    access_tokens: createAccessTokens({
      issuer: config.token_issuer,
      currentKey: () => currentKey({ db, secrets, log }),
    }),
    adoptBookings: (adoption) => services.rpc.booking.adopt(adoption),
    secrets,
    signals,
    log,
    memberships,
    public_origin: config.public_origin,
    secure_cookies: config.public_origin.startsWith('https:'),
    source_quotas: config.rate_limits,
    stop: () => {
      revocations.stop()
      stopListening()
    },
  }
}

export async function close(deps: Deps): Promise<void> {
  deps.stop()
}
