import type { Permission } from '@tessera/contracts/permissions'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import type { Access, Passwords, Secrets } from '#platform/auth'
import type { Db } from '#platform/db'
import type { Signals } from '#platform/signals'
import type { Log } from '#platform/telemetry'
import type { AccessTokens } from './access-tokens.ts'
import type { Memberships } from './memberships.ts'

/** Identity's slice of the settings. */
export type IdentityConfig = {
  /** The one origin that browsers see, e.g. `http://localhost:3000`. */
  public_origin: string
  /**
   * Whether an organizer may add an account to a team without its consent: only on an origin that only this machine can
   * reach.
   */
  direct_members: boolean
  /** `iss` of access tokens: the same whichever port this process was given. */
  token_issuer: string
  /** False for load tests: no quotas of new accounts and guests by source. */
  rate_limits: boolean
  /** Whether a new organization awaits an admin's approval before it may publish. */
  organizations_wait: boolean
}

/** Dependencies shared by identity's routes, RPC, consumers and jobs. */
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
  /** The origin of our links. */
  public_origin: string
  /** As in the settings: false turns each new member into an invitation. */
  direct_members: boolean
  /** Whether cookies may travel over https only. */
  secure_cookies: boolean
  /** Whether new accounts and guests are limited by source. Log-ins always are. */
  source_quotas: boolean
  /** Whether a new organization awaits an admin's approval before it may publish. */
  organizations_wait: boolean
  stop: () => void
}
