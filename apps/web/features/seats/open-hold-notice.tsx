'use client'
import { useEffect, useState } from 'react'
import { cancelBooking } from '../../api/operations.ts'
import { problemText } from '../../api/problem-text.ts'
import { paths } from '../../paths.ts'
import { Notice } from '../../ui/notice.tsx'
import { serverNow } from '../../ui/server-clock.ts'
import { useNow } from '../../ui/use-now.ts'
import { spanText } from '../../ui/when.ts'
import { forgetHold, type OpenHold, openHold } from './open-hold.ts'

/** Says that something of this performance is held already, with the way to pay for it or to let it go. */
export function OpenHoldNotice({ performance_id, rendered_at }: { performance_id: string; rendered_at: number }) {
  const [hold, setHold] = useState<OpenHold | null>(null)
  const [failure, setFailure] = useState<string>()
  const now_ms = useNow(rendered_at)
  // An effect, because the memory of a tab can only be read in the browser.
  useEffect(() => setHold(openHold(performance_id, serverNow())), [performance_id])
  const left_ms = hold ? Date.parse(hold.expires_at) - now_ms : 0
  if (!hold || left_ms <= 0) return null
  async function letGo({ booking_id }: OpenHold) {
    try {
      await cancelBooking(booking_id, crypto.randomUUID())
      forgetHold()
      setHold(null)
    } catch (error) {
      setFailure(problemText(error))
    }
  }
  return (
    <Notice tone="note" live="polite">
      {failure ?? (
        <>
          You already hold seats here, for <span className="num">{spanText(left_ms)}</span> more.
        </>
      )}
      <span className="mt-1 flex gap-4">
        <a className="link min-h-8 content-center font-semibold" href={paths.checkout(hold.booking_id)}>
          Pay for them
        </a>
        <button type="button" className="link min-h-8 font-semibold" onClick={() => letGo(hold)}>
          Let them go
        </button>
      </span>
    </Notice>
  )
}
