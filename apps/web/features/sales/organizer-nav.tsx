'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { paths } from '../../paths.ts'

const ROOMS = [
  { name: 'Events', href: paths.organizer() },
  { name: 'Door', href: paths.doors() },
]

export function OrganizerNav() {
  const pathname = usePathname()
  return (
    <nav aria-label="Organizer" className="flex gap-1 md:flex-col">
      {ROOMS.map(({ name, href }) => {
        const current = pathname.startsWith(href)
        return (
          <Link
            key={name}
            href={href}
            aria-current={current ? 'page' : undefined}
            className={`flex min-h-11 items-center rounded-md px-3 font-medium hover:bg-line-2 ${current ? 'bg-line-2' : 'text-ink-2'}`}
          >
            {name}
          </Link>
        )
      })}
    </nav>
  )
}
