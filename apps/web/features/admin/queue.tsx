'use client'
import type { ReactNode } from 'react'
import { problemText } from '../../api/problem-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { LineSkeleton } from './line-skeleton.tsx'
import type { usePages } from './use-pages.ts'

type Props<Item> = {
  pages: ReturnType<typeof usePages<Item>>
  keyOf: (item: Item) => string
  children: (item: Item) => ReactNode
}

/** Lines that wait for an admin, with the way to the next ones. */
export function Queue<Item>({ pages, keyOf, children }: Props<Item>) {
  const { items, more, pending, failure } = pages
  return (
    <>
      <ul className="border-b border-line">
        {items.map((item) => (
          <li key={keyOf(item)} className="border-t border-line py-5">
            {children(item)}
          </li>
        ))}
      </ul>
      {pending && <LineSkeleton />}
      <div className="mt-6 flex flex-col items-start gap-4">
        {failure !== undefined && (
          <Notice tone="bad" live="polite">
            {problemText(failure)} The lines above are as they were.
          </Notice>
        )}
        {more && (
          <button type="button" className="btn quiet" onClick={more} disabled={pending}>
            {pending ? 'One moment …' : 'Show more'}
          </button>
        )}
      </div>
    </>
  )
}
