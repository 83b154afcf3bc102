import type { OrganizationRole } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { answer, type Outcome } from '#platform/http'
import type { Deps } from '../deps.ts'
import { invite } from '../invite.ts'

type Offer = {
  organization_id: string
  invited_by: string
  email: string
  role: OrganizationRole
  event_ids: readonly string[] | null
}

/** Invites and answers 202 with the link. Not stored by key: storing would keep the link, and a repeat replaces it. */
export async function inviteAnswer(deps: Deps, offer: Offer): Promise<Outcome> {
  const outcome = await deps.db.transaction((tx) => invite(tx, offer))
  switch (outcome.kind) {
    case 'invited': {
      const { invitation_id, token, expires_at } = outcome
      const invitation_url = `${deps.public_origin}/invitations/${token}`
      return answer(202, { id: invitation_id, invitation_url, expires_at }, { 'cache-control': 'no-store' })
    }
    case 'not-found':
      return problem('not-found')
    case 'invalid-email': {
      const errors = [{ pointer: '/email', detail: 'is not an e-mail address' }]
      return problem('invalid-input', 'Look at the fields named below.', { errors })
    }
    case 'limit-exceeded':
      return problem('limit-exceeded', `${outcome.invitations_max} invitations may wait for an answer.`)
  }
}
