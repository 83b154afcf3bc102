import type { Metadata } from 'next'
import type { DeadLetter } from '../../../api/bodies.ts'
import { listDeadLetters } from '../../../api/operations.ts'
import { AdminPage } from '../../../features/admin/admin-page.tsx'
import { AnswerFirst } from '../../../features/admin/answer-first.tsx'
import { DeadLetters } from '../../../features/admin/dead-letters.tsx'
import type { Page } from '../../../features/admin/use-pages.ts'
import { paths } from '../../../paths.ts'
import { Empty } from '../../../ui/empty.tsx'
import { timeOf } from '../../../ui/when.ts'

export const metadata: Metadata = { title: 'Dead letters', robots: { index: false } }

export default function DeadLettersPage() {
  return (
    <AdminPage title="Dead letters" read={(visitor) => listDeadLetters({}, visitor)}>
      {(found) => <Listed first={found} />}
    </AdminPage>
  )
}

function Listed({ first }: { first: Page<DeadLetter> }) {
  const { items, next_cursor } = first
  const as_of = timeOf(Date.now(), 'UTC', { seconds: true })
  return (
    <>
      <AnswerFirst answer={answerOf(items.length, next_cursor !== null)}>
        {items.length > 0 &&
          'Each failed every try of its consumer, and the events after it went on without it. Mend the cause, then drive it again: its consumer takes it now, once. '}
        <span className="num">As of {as_of} UTC. </span>
        <a className="link" href={paths.deadLetters()}>
          Look again
        </a>
      </AnswerFirst>
      {items.length === 0 ? (
        <Empty title="No dead letters">
          An event comes here when a consumer has failed every try to take it. Until then it is tried again by itself.
        </Empty>
      ) : (
        <DeadLetters first={first} />
      )}
    </>
  )
}

function answerOf(count: number, has_more: boolean): string {
  if (count === 0) return 'Every event was taken.'
  if (has_more) return `More than ${count} events were not taken.`
  return count === 1 ? 'One event was not taken.' : `${count} events were not taken.`
}
