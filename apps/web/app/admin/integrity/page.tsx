import type { Metadata } from 'next'
import type { Integrity } from '../../../api/bodies.ts'
import { getIntegrity } from '../../../api/operations.ts'
import { AdminPage } from '../../../features/admin/admin-page.tsx'
import { AnswerFirst } from '../../../features/admin/answer-first.tsx'
import { paths } from '../../../paths.ts'
import { shortWhen } from '../../../ui/when.ts'

export const metadata: Metadata = { title: 'Integrity', robots: { index: false } }

export default function IntegrityPage() {
  return (
    <AdminPage title="Integrity" read={getIntegrity}>
      {(integrity) => <Invariants {...integrity} />}
    </AdminPage>
  )
}

/** The invariant that counts them. */
const DEAD_LETTERS = 'I19'

function Invariants({ checked_at, invariants }: Integrity) {
  const broken = invariants.filter((one) => one.violations > 0)
  const rows = [...broken, ...invariants.filter((one) => one.violations === 0)]
  return (
    <>
      <AnswerFirst
        answer={
          broken.length === 0
            ? 'Every rule holds.'
            : `${broken.length} of ${invariants.length} rules ${broken.length === 1 ? 'is' : 'are'} broken.`
        }
      >
        {broken.length === 0
          ? 'Nothing was sold twice, nothing was lost, and every amount is accounted for. '
          : 'Stop no sale for it, but keep the database as it is and look at them now: the manual says how, under “Invariants”. '}
        <span className="num">Asked of the database itself, {shortWhen(checked_at, 'UTC', Date.now())} UTC.</span>
      </AnswerFirst>
      <p className="mb-6 flex flex-wrap gap-2.5">
        <a className="btn quiet small" href={paths.integrity()}>
          Look again
        </a>
        {broken.some(({ id }) => id === DEAD_LETTERS) && (
          <a className="btn quiet small" href={paths.deadLetters()}>
            Dead letters
          </a>
        )}
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
          {rows.map(({ id, title, violations }) => (
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
