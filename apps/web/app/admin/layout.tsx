import type { ReactNode } from 'react'
import { Desk } from '../../features/account/desk.tsx'
import { paths } from '../../paths.ts'

const LINKS = [
  { name: 'Integrity', href: paths.integrity() },
  { name: 'Organizations', href: paths.foundedOrganizations() },
  { name: 'Dead letters', href: paths.deadLetters() },
]

export default function AdminLayout({ children }: { children: ReactNode }) {
  return (
    <Desk name="Admin" links={LINKS}>
      {children}
    </Desk>
  )
}
