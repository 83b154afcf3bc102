import type { Metadata } from 'next'
import type { Integrity } from '../../../api/bodies.ts'
import { getIntegrity } from '../../../api/operations.ts'
import { seen } from '../../../api/seen.ts'
import { NoAccess } from '../../../features/account/no-access.tsx'
import { SiteHeader } from '../../../features/account/site-header.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { shortWhen } from '../../../ui/when.ts'

export const metadata: Metadata = { title: 'Integrity', robots: { index: false } }

export default async function IntegrityPage() {
  const found = await seen((visitor) => getIntegrity(visitor))
  return (
    <>
      <SiteHeader />
      <main id="main" className="pb-16">
        {found.kind === 'seen' ? (
          <Table {...found.value} />
        ) : (
          <NoAccess title="Integrity" user={found.user}>
            This page is for administrators.
          </NoAccess>
        )}
      </main>
    </>
  )
}

function Table({ checked_at, invariants }: Integrity) {
  const broken = invariants.filter((one) => one.violations > 0)
  return (
    <div className="wrap max-w-[960px] pt-7 md:pt-12">
      <h1 className="mb-5 text-40">Integrity</h1>
      <Notice tone={broken.length > 0 ? 'bad' : 'good'}>
        {broken.length > 0
          ? `${broken.length} of ${invariants.length} rules are broken. Look at them before the next sale.`
          : `All ${invariants.length} rules hold: nothing sold twice, nothing lost, every amount accounted for.`}
      </Notice>
      <p className="num mt-3 mb-8 text-14 text-ink-2">
        Checked {shortWhen(checked_at, 'UTC')} UTC, by asking the database itself.
      </p>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Name</th>
            <th scope="col" className="end">
              Violations
            </th>
          </tr>
        </thead>
        <tbody>
          {invariants.map(({ id, title, violations }) => (
            <tr key={id}>
              <th scope="row" className="!font-normal">
                {title}
              </th>
              <td className="break-all text-ink-2">{id}</td>
              <td className={`end ${violations > 0 ? 'font-semibold text-bad' : ''}`}>{violations}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
