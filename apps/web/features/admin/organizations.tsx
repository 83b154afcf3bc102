'use client'
import type { FoundedOrganization } from '../../api/bodies.ts'
import { approveOrganization, listFoundedOrganizations } from '../../api/operations.ts'
import { problemText } from '../../api/problem-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { serverNow } from '../../ui/server-clock.ts'
import { useHydrated } from '../../ui/use-hydrated.ts'
import { shortWhen } from '../../ui/when.ts'
import { Queue } from './queue.tsx'
import { useAct } from './use-act.ts'
import { type Page, usePages } from './use-pages.ts'

export type ApprovalState = 'pending' | 'approved'

/** Organizations in one state of approval; those that wait have the button that lets them publish. */
export function Organizations({ first, state }: { first: Page<FoundedOrganization>; state: ApprovalState }) {
  const pages = usePages(first, (cursor) => listFoundedOrganizations({ state, cursor }))
  return (
    <Queue pages={pages} keyOf={(organization) => organization.id}>
      {(organization) => <Line organization={organization} />}
    </Queue>
  )
}

function Line({ organization }: { organization: FoundedOrganization }) {
  const { id, name, created_by, created_by_email, created_at, approved_at } = organization
  const ready = useHydrated()
  const { act, go } = useAct(() => approveOrganization(id))
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-center gap-x-10 gap-y-4 md:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <h2 dir="auto" className="text-20">
          {name}
        </h2>
        <p className="num mt-1 text-14 text-ink-2">
          Founded <time dateTime={created_at}>{shortWhen(created_at, 'UTC', serverNow())}</time> UTC by{' '}
          {created_by_email === null ? created_by : `${created_by_email} (address not proven: write to it first)`}
        </p>
      </div>
      {approved_at === null ? (
        <div>
          <button
            type="button"
            className="btn ink small"
            aria-label={`Approve ${name}`}
            aria-disabled={!ready || act.kind === 'working' || act.kind === 'done'}
            onClick={() => {
              if (act.kind !== 'working' && act.kind !== 'done') void go()
            }}
          >
            {act.kind === 'working' ? 'One moment …' : act.kind === 'done' ? 'Approved' : 'Approve'}
          </button>
        </div>
      ) : (
        <p className="num text-14 text-ink-2">Approved {shortWhen(approved_at, 'UTC', serverNow())} UTC</p>
      )}
      {act.kind === 'done' && (
        <Notice tone="good" live="polite">
          <bdi>{name}</bdi> may publish from now on.
        </Notice>
      )}
      {act.kind === 'failed' && (
        <Notice tone="bad" live="assertive">
          {problemText(act.failure)} It still waits.
        </Notice>
      )}
    </div>
  )
}
