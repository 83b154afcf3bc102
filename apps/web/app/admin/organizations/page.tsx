import type { Metadata } from 'next'
import Link from 'next/link'
import type { FoundedOrganization } from '../../../api/bodies.ts'
import { listFoundedOrganizations } from '../../../api/operations.ts'
import { AdminPage } from '../../../features/admin/admin-page.tsx'
import { AnswerFirst } from '../../../features/admin/answer-first.tsx'
import { type ApprovalState, Organizations } from '../../../features/admin/organizations.tsx'
import type { Page } from '../../../features/admin/use-pages.ts'
import { paths } from '../../../paths.ts'
import { Empty } from '../../../ui/empty.tsx'

export const metadata: Metadata = { title: 'Organizations', robots: { index: false } }

const STATES = [
  { state: 'pending', name: 'Waiting' },
  { state: 'approved', name: 'Approved' },
] as const

type Props = { searchParams: Promise<{ state?: string }> }

export default async function OrganizationsPage({ searchParams }: Props) {
  const state: ApprovalState = (await searchParams).state === 'approved' ? 'approved' : 'pending'
  return (
    <AdminPage title="Organizations" read={(visitor) => listFoundedOrganizations({ state }, visitor)}>
      {(found) => <Listed first={found} state={state} />}
    </AdminPage>
  )
}

function Listed({ first, state }: { first: Page<FoundedOrganization>; state: ApprovalState }) {
  const { items, next_cursor } = first
  return (
    <>
      <AnswerFirst answer={answerOf(state, items.length, next_cursor !== null)}>
        {state === 'pending'
          ? 'Until it is approved, an organization can prepare events and cannot publish them. Approving cannot be taken back here.'
          : 'These publish their events without asking again.'}
      </AnswerFirst>
      <nav aria-label="State of approval" className="mb-6 flex gap-2">
        {STATES.map((one) => (
          <Link
            key={one.state}
            className="chip"
            aria-current={one.state === state ? 'page' : undefined}
            href={paths.foundedOrganizations(one.state)}
          >
            {one.name}
          </Link>
        ))}
      </nav>
      {items.length === 0 ? (
        <Empty title={state === 'pending' ? 'No organization to approve' : 'None yet'}>
          {state === 'pending'
            ? 'Organizations come here when somebody founds one and this installation asks for approval first (TESSERA_ORGANIZATIONS).'
            : 'Approve one that waits, and it stands here.'}
        </Empty>
      ) : (
        <Organizations key={state} first={first} state={state} />
      )}
    </>
  )
}

function answerOf(state: ApprovalState, count: number, has_more: boolean): string {
  const many = has_more ? `More than ${count}` : String(count)
  if (state === 'approved') return count === 0 ? 'Nobody may publish yet.' : `${many} may publish.`
  if (count === 0) return 'Nobody waits.'
  return count === 1 ? 'One waits for approval.' : `${many} wait for approval.`
}
