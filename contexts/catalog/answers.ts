import { type Problem, problem } from '@tessera/contracts/problems'
import { opaqueTags } from '#platform/cache'
import type { Call } from '#platform/http'
import type { InvalidInput } from './invalid-input.ts'
import type { ChosenOrganization } from './tenant.ts'

/** One answer for unknown objects and for those that the caller may not know of. */
export function notFound(): Problem {
  return problem('not-found')
}

type Refusal =
  | { kind: 'not-found' }
  /** The event changed since the version in `If-Match`. */
  | { kind: 'changed-meanwhile' }
  | InvalidInput
  | { kind: 'conflict'; detail: string }
  | { kind: 'limit-exceeded'; detail: string }

/** The refusals that most writes share. */
export function refused(outcome: Refusal): Problem {
  switch (outcome.kind) {
    case 'not-found':
      return notFound()
    case 'changed-meanwhile':
      return problem('precondition-failed', 'Read it again: someone changed it since the version you name in If-Match.')
    case 'invalid-input':
      return problem('invalid-input', 'Some values cannot be accepted; errors names each.', { errors: outcome.errors })
    case 'conflict':
    case 'limit-exceeded':
      return problem(outcome.kind, outcome.detail)
  }
}

export function refuseOrganization(outcome: Exclude<ChosenOrganization, { kind: 'chosen' }>): Problem {
  if (outcome.kind === 'not-found') return notFound()
  const detail = 'Say which of your organizations this is for: send organization_id.'
  return problem('invalid-input', detail, { errors: [{ pointer: '/organization_id', detail }] })
}

/** The entity tag of an event as its organization sees it. */
export function versionTag(version: number): { etag: string } {
  return { etag: `"${version}"` }
}

/** True when `If-Match` names this version, also by public pages' tags (`7.hash`); undefined without the header. */
export function ifMatch(call: Pick<Call, 'headers'>): { matches?: (version: number) => boolean } {
  const header = call.headers['if-match']
  if (header === undefined) return {}
  const tags = opaqueTags(header).map((tag) => tag.split('.', 1)[0])
  return { matches: (version) => tags.includes('*') || tags.includes(String(version)) }
}
