import type { Metadata } from 'next'
import type { Integrity } from '../../../api/bodies.ts'
import { getIntegrity } from '../../../api/operations.ts'
import { AdminPage } from '../../../features/admin/admin-page.tsx'
import { AnswerFirst } from '../../../features/admin/answer-first.tsx'
import { shortWhen } from '../../../ui/when.ts'

export const metadata: Metadata = { title: 'Integrity', robots: { index: false } }

export default function IntegrityPage() {
  return (
    <AdminPage title="Integrity" read={getIntegrity}>
      {(integrity) => <Invariants {...integrity} />}
    </AdminPage>
  )
}

function Invariants({ checked_at, invariants }: Integrity) {
  const broken = invariants.filter((one) => one.violations > 0)
  return (
    <>
      <AnswerFirst
        answer={
          broken.length === 0 ? 'Every rule holds.' : `${broken.length} of ${invariants.length} rules are broken.`
        }
      >
        {broken.length === 0
          ? 'Nothing was sold twice, nothing was lost, and every amount is accounted for. '
          : 'Look at them before the next sale. '}
        <span className="num">Asked of the database itself, {shortWhen(checked_at, 'UTC')} UTC.</span>
      </AnswerFirst>
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
    </>
  )
}
