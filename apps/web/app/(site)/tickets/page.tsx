import type { Metadata } from 'next'
import Link from 'next/link'
import { listMyTickets } from '../../../api/operations.ts'
import { seen } from '../../../api/seen.ts'
import { NoAccess } from '../../../features/account/no-access.tsx'
import { LiveHolds } from '../../../features/seats/live-holds.tsx'
import { TicketGroups } from '../../../features/tickets/ticket-groups.tsx'
import { paths, withQuery } from '../../../paths.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Notice } from '../../../ui/notice.tsx'

export const metadata: Metadata = { title: 'My tickets', robots: { index: false } }

const PAGE_SIZE = 50

export default async function TicketsPage({
  searchParams,
}: {
  searchParams: Promise<{ cursor?: string; left?: string }>
}) {
  const { cursor, left } = await searchParams
  const found = await seen((visitor) => listMyTickets({ limit: PAGE_SIZE, ...(cursor && { cursor }) }, visitor))
  if (found.kind === 'refused')
    return (
      <NoAccess title="My tickets" user={found.user}>
        Your tickets are in your account. If you bought as a guest on another device, open the order by its link.
      </NoAccess>
    )
  const page = found.value
  return (
    <div className="wrap pt-7 md:pt-14">
      <h1 className="mb-8">My tickets</h1>
      {left && (
        <div className="mb-8">
          <Notice>
            Some of what you took as a guest stayed behind: with it, this account would have more tickets of one
            performance than one person may. What was only on hold is free again when its time ends; what was paid for
            opens by its order link.
          </Notice>
        </div>
      )}
      <div className="mb-8 empty:hidden">
        <LiveHolds rendered_at={Date.now()} />
      </div>
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
