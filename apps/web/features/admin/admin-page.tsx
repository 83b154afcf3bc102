import type { ReactNode } from 'react'
import type { Call } from '../../api/client.ts'
import { seen } from '../../api/seen.ts'
import { NoAccess } from '../account/no-access.tsx'

type Props<T> = {
  title: string
  read: (visitor: Call) => Promise<T>
  children: (value: T) => ReactNode
}

/** A page of administrators: what was read, or why it cannot be shown. */
export async function AdminPage<T>({ title, read, children }: Props<T>) {
  const found = await seen(read)
  return found.kind === 'seen' ? (
    <div className="max-w-[960px]">{children(found.value)}</div>
  ) : (
    <NoAccess title={title} user={found.user}>
      This page is for administrators.
    </NoAccess>
  )
}
