import type { AcceptInvitationResponse } from '../../api/generated/types.gen.ts'
import { paths } from '../../paths.ts'

export type Role = AcceptInvitationResponse['role']

/** What a new member of a team can do now, and where. Only what there is a page for. */
export function roleText(role: Role): { words: string; way: { label: string; href: string } } {
  switch (role) {
    case 'organizer':
      return {
        words: 'You see the events of the organization and their sales, live.',
        way: { label: 'See the events', href: paths.organizer() },
      }
    case 'box_office':
      return {
        words: 'You see the sales of the organization’s events and check tickets at the door.',
        way: { label: 'See the events', href: paths.organizer() },
      }
    case 'staff':
      return { words: 'You check tickets at the door.', way: { label: 'Choose a door', href: paths.doors() } }
  }
}
