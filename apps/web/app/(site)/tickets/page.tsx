import type { Metadata } from 'next'
import Link from 'next/link'
import type { TicketPage } from '../../../api/bodies.ts'
import { listMyTickets } from '../../../api/operations.ts'
import { isProblem } from '../../../api/problem.ts'
import { asVisitor } from '../../../api/visitor.ts'
import { SessionGate } from '../../../features/account/session-gate.tsx'
import { TicketGroups } from '../../../features/tickets/ticket-groups.tsx'
import { paths, withQuery } from '../../../paths.ts'
import { Empty } from '../../../ui/empty.tsx'

export const metadata: Metadata = { title: 'My tickets', robots: { index: false } }

const PAGE_SIZE = 50

export default async function TicketsPage({ searchParams }: { searchParams: Promise<{ cursor?: string }> }) {
  const { cursor } = await searchParams
  const page = await ticketsOf(cursor)
  if (!page)
    return (
      <SessionGate title="My tickets">
        Your tickets live in your account. If you bought as a guest on another device, open the order by its link.
      </SessionGate>
    )
  return (
    <div className="wrap pt-7 md:pt-14">
      <h1 className="mb-8">My tickets</h1>
      {page.items.length === 0 ? (
        <Empty
          title="Nothing yet"
          action={
            <Link className="btn" href={paths.discover()}>
              See what is on
            </Link>
          }
        >
          What you buy appears here at once, with its code for the door.
        </Empty>
      ) : (
        <TicketGroups tickets={page.items} now_ms={Date.now()} />
      )}
      {page.next_cursor && (
        <Link className="btn quiet mt-10" href={withQuery(paths.tickets(), { cursor: page.next_cursor })}>
          Older tickets
        </Link>
      )}
    </div>
  )
}

/** Null when there is no session to ask with. */
async function ticketsOf(cursor: string | undefined): Promise<TicketPage | null> {
  try {
    return await listMyTickets({ limit: PAGE_SIZE, ...(cursor && { cursor }) }, await asVisitor())
  } catch (error) {
    if (isProblem(error, 'unauthenticated')) return null
    throw error
  }
}
