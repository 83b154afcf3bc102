import type { ReactNode } from 'react'
import { Desk } from '../../features/account/desk.tsx'
import { paths } from '../../paths.ts'

const LINKS = [
  { name: 'Events', href: paths.organizer() },
  { name: 'Door', href: paths.doors() },
]

export default function OrganizerLayout({ children }: { children: ReactNode }) {
  return (
    <Desk name="Organizer" links={LINKS}>
      {children}
    </Desk>
  )
}
