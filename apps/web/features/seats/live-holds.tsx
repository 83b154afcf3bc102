'use client'
import { useEffect, useState } from 'react'
import type { BookingSummary } from '../../api/bodies.ts'
import { listMyBookings, releaseHold } from '../../api/operations.ts'
import { isProblem } from '../../api/problem.ts'
import { problemText } from '../../api/problem-text.ts'
import { sessionIsLikely } from '../../api/session-memory.ts'
import { paths } from '../../paths.ts'
import { priceText } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'
import { useNow } from '../../ui/use-now.ts'
import { spanText } from '../../ui/when.ts'

type Props = {
  /** The one whose page this is. */
  except?: string
  rendered_at: number
}

const SHOWN_MAX = 5

/**
 * Everything this visitor has on hold, made in whichever tab, by the server's word: with the way to pay for it or to let it
 * go. Read again whenever the page is shown.
 */
export function LiveHolds({ except, rendered_at }: Props) {
  const [holds, setHolds] = useState<readonly BookingSummary[]>([])
  const [failure, setFailure] = useState<string>()
  const now_ms = useNow(rendered_at)
  // An effect, because it is the browser that shows a page again, and that knows whether there is a session at all.
  useEffect(() => {
    const read = () => {
      if (document.visibilityState !== 'visible' || !sessionIsLikely()) return
      listMyBookings({ status: 'held', limit: String(SHOWN_MAX) }).then(
        (page) => setHolds(page.items),
        // The notice is a help: without an answer the page is as good as before.
        () => undefined,
      )
    }
    read()
    addEventListener('pageshow', read)
    document.addEventListener('visibilitychange', read)
    return () => {
      removeEventListener('pageshow', read)
      document.removeEventListener('visibilitychange', read)
    }
  }, [])
  const live = holds.filter((hold) => hold.id !== except && Date.parse(hold.hold_expires_at) > now_ms)
  if (live.length === 0) return null

  async function letGo({ id }: BookingSummary) {
    setFailure(undefined)
    try {
      const { status } = await releaseHold(id)
      if (status === 'confirmed') return location.assign(paths.order(id))
      setHolds((known) => known.filter((hold) => hold.id !== id))
    } catch (error) {
      // Paid meanwhile, in another tab: its page says so.
      if (isProblem(error, 'conflict')) location.assign(paths.order(id))
      else setFailure(problemText(error))
    }
  }

  return (
    <Notice tone="note" live="polite">
      {failure}
      <ul className="flex flex-col gap-2">
        {live.map((hold) => (
          <li key={hold.id}>
            You have {hold.places} × <bdi>{hold.title}</bdi> on hold
            {hold.total.amount > 0 && ` (${priceText(hold.total)})`}, for{' '}
            <span className="num">{spanText(Date.parse(hold.hold_expires_at) - now_ms)}</span> more.
            <span className="flex flex-wrap gap-x-4">
              <a className="link min-h-8 content-center font-semibold" href={paths.checkout(hold.id)}>
                {hold.total.amount > 0 ? 'Pay for them' : 'Go on'}
              </a>
              <button type="button" className="link min-h-8 font-semibold" onClick={() => letGo(hold)}>
                Let them go
              </button>
            </span>
          </li>
        ))}
      </ul>
    </Notice>
  )
}
