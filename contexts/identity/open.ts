import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import { createPasswords } from '#platform/auth'
import type { ContextServices } from '#platform/context'
import { createAccessTokens } from './access-tokens.ts'
import type { Deps, IdentityConfig } from './deps.ts'
import { createMemberships } from './memberships.ts'
import { watchRevocations } from './revocations.ts'
import { onMembershipsChanged } from './signals.ts'
import { currentKey } from './signing-keys.ts'

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
    direct_members: config.direct_members,
    secure_cookies: config.public_origin.startsWith('https:'),
    source_quotas: config.rate_limits,
    organizations_wait: config.organizations_wait,
    stop: () => {
      revocations.stop()
      stopListening()
    },
  }
}

export async function close(deps: Deps): Promise<void> {
  deps.stop()
}
