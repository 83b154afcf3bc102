'use client'
import type { DeadLetter } from '../../api/bodies.ts'
import { listDeadLetters, redriveDeadLetter } from '../../api/operations.ts'
import { isProblem } from '../../api/problem.ts'
import { problemText } from '../../api/problem-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { serverNow } from '../../ui/server-clock.ts'
import { useHydrated } from '../../ui/use-hydrated.ts'
import { shortWhen } from '../../ui/when.ts'
import { Queue } from './queue.tsx'
import { type Act, useAct } from './use-act.ts'
import { type Page, usePages } from './use-pages.ts'

/** Events that a consumer gave up, oldest first, each with its error, its payload and the button to have it taken again. */
export function DeadLetters({ first }: { first: Page<DeadLetter> }) {
  const pages = usePages(first, (cursor) => listDeadLetters({ cursor }))
  return (
    <Queue pages={pages} keyOf={(letter) => letter.id}>
      {(letter) => <Line letter={letter} />}
    </Queue>
  )
}

function Line({ letter }: { letter: DeadLetter }) {
  const ready = useHydrated()
  const { act, go } = useAct(() => redriveDeadLetter(letter.id))
  const over = act.kind === 'done' || isGone(act)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-4 md:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <h2 className="text-20">{letter.topic}</h2>
        <p className="num mt-1 text-14 text-ink-2">
          {letter.consumer} gave it up on{' '}
          <time dateTime={letter.parked_at}>{shortWhen(letter.parked_at, 'UTC', serverNow())}</time> UTC
        </p>
        <p className="mt-3 whitespace-pre-wrap">{letter.error}</p>
        <details className="mt-1">
          <summary className="link flex min-h-11 w-fit items-center text-14">Details</summary>
          <dl className="num grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2 pt-1 text-14">
            <dt className="text-ink-2">Event</dt>
            <dd>{letter.event_id}</dd>
            <dt className="text-ink-2">Key</dt>
            <dd>{letter.key}</dd>
            <dt className="text-ink-2">Occurred</dt>
            <dd>{shortWhen(letter.occurred_at, 'UTC', serverNow())} UTC</dd>
            <dt className="text-ink-2">Payload</dt>
            <dd>
              <pre className="font-mono text-12 whitespace-pre-wrap">{JSON.stringify(letter.payload, null, 2)}</pre>
            </dd>
          </dl>
        </details>
      </div>
      <div>
        <button
          type="button"
          className="btn ink small"
          aria-label={`Drive ${letter.topic} of ${letter.key} again`}
          aria-disabled={!ready || over || act.kind === 'working'}
          onClick={() => {
            if (!over && act.kind !== 'working') void go()
          }}
        >
          {act.kind === 'working' ? 'One moment …' : over ? 'Taken' : 'Drive again'}
        </button>
      </div>
      <Became act={act} consumer={letter.consumer} />
    </div>
  )
}

function Became({ act, consumer }: { act: Act; consumer: string }) {
  if (act.kind === 'done')
    return (
      <Notice tone="good" live="polite">
        {consumer} has taken it. It no longer waits here.
      </Notice>
    )
  if (act.kind !== 'failed') return null
  if (isGone(act))
    return (
      <Notice tone="note" live="polite">
        It no longer waits here: somebody had it taken meanwhile.
      </Notice>
    )
  return (
    <Notice tone="bad" live="assertive">
      {problemText(act.failure)} It still waits here.
    </Notice>
  )
}

function isGone(act: Act): boolean {
  return act.kind === 'failed' && isProblem(act.failure, 'not-found')
}
