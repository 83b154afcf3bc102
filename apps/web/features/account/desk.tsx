import Link from 'next/link'
import type { ReactNode } from 'react'
import { paths } from '../../paths.ts'
import { type DeskLink, DeskNav } from '../../ui/desk-nav.tsx'
import { Mark } from '../../ui/mark.tsx'

type Props = { name: string; links: readonly DeskLink[]; children: ReactNode }

/** The frame of the pages of people at work: where they are on the left, their work on the right. */
export function Desk({ name, links, children }: Props) {
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[190px_minmax(0,1fr)] lg:grid-cols-[232px_minmax(0,1fr)]">
      <header className="flex flex-wrap items-center justify-between gap-x-4 border-line px-5 py-4 max-md:border-b md:block md:border-r md:px-5 md:py-6">
        <Link
          href={paths.discover()}
          className="display flex min-h-11 items-center gap-2.5 text-20 font-[680] md:mx-2 md:mb-4"
        >
          <Mark size={24} />
          Tessera
        </Link>
        <DeskNav label={name} links={links} />
      </header>
      <main id="main" className="min-w-0 px-5 py-6 md:px-10 md:py-8">
        {children}
      </main>
    </div>
  )
}
