'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'

export type DeskLink = { name: string; href: string }

/** The navigation of a desk: a row on phones, a column beside the page from tablets on. */
export function DeskNav({ label, links }: { label: string; links: readonly DeskLink[] }) {
  const pathname = usePathname()
  return (
    <nav aria-label={label} className="flex flex-wrap gap-1 md:flex-col">
      {links.map(({ name, href }) => {
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
