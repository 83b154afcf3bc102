'use client'
import { useState, useTransition } from 'react'

export type Page<Item> = { items: Item[]; next_cursor: string | null }

/** A list whose first page came with its page; `more` fetches the next one and adds it. */
export function usePages<Item>(first: Page<Item>, load: (cursor: string) => Promise<Page<Item>>) {
  const [page, setPage] = useState(first)
  const [failure, setFailure] = useState<unknown>()
  const [pending, start] = useTransition()
  const { next_cursor } = page
  const more =
    next_cursor === null
      ? null
      : () =>
          start(async () => {
            setFailure(undefined)
            try {
              const next = await load(next_cursor)
              setPage((known) => ({ ...next, items: [...known.items, ...next.items] }))
            } catch (error) {
              setFailure(error)
            }
          })
  return { items: page.items, more, pending, failure }
}
