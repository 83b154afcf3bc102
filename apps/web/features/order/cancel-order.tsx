'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { flushSync } from 'react-dom'
import type { Booking, Cancellation } from '../../api/bodies.ts'
import { endIntent, intentKey } from '../../api/intent-key.ts'
import { cancelBooking, previewCancellation } from '../../api/operations.ts'
import { problemText } from '../../api/problem-text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { priceText } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'
import { refundWords } from './refund-words.ts'

/** Of the order's headline: what became of the order is told there and just below. */
export const ORDER_TITLE_ID = 'order-title'

type Props = { booking: Pick<Booking, 'id' | 'tickets' | 'total' | 'payments'> }

/**
 * Cancelling in two steps: first what it would give back and what it ends, then the act. Modes: shut → asking → shown →
 * working. What it gives back is not known when asking fails, so then there is only to ask again.
 */
export function CancelOrder({ booking }: Props) {
  const { id: booking_id } = booking
  const places = booking.tickets.length
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [preview, setPreview] = useState<Cancellation>()
  const [failure, setFailure] = useState<unknown>()
  const [working, setWorking] = useState(false)

  function ask() {
    setOpen(true)
    setPreview(undefined)
    setFailure(undefined)
    previewCancellation(booking_id).then(setPreview, setFailure)
  }

  async function cancel() {
    setWorking(true)
    const name = `cancel.${booking_id}`
    try {
      await cancelBooking(booking_id, intentKey(name, {}))
      endIntent(name)
      // The dialog gives the focus back to its button, which goes with the order: first it closes, then the page moves.
      flushSync(() => setOpen(false))
      document.getElementById(ORDER_TITLE_ID)?.focus()
      router.refresh()
    } catch (error) {
      setFailure(error)
    } finally {
      setWorking(false)
    }
  }

  return (
    <>
      <button type="button" className="chip" onClick={ask}>
        Cancel order
      </button>
      <Dialog open={open} title="Cancel this order?" onClose={() => setOpen(false)}>
        {preview && <p className="text-20">{refundWords(preview, booking)}</p>}
        {!preview && failure === undefined && (
          <div className="skeleton h-14" role="status" aria-label="Calculating the refund" />
        )}
        <p className="mt-3 text-ink-2">
          {places === 1 ? 'Your ticket stops' : places === 2 ? 'Both tickets stop' : `All ${places} tickets stop`}{' '}
          working at once, and the {places === 1 ? 'seat goes' : 'seats go'} to someone else. This cannot be undone.
        </p>
        {failure !== undefined && (
          <div className="mt-4">
            <Notice tone="bad" live="assertive">
              {problemText(failure)}
            </Notice>
          </div>
        )}
        <div className="mt-6 flex flex-col gap-3">
          {!preview && failure !== undefined ? (
            <button type="button" className="btn ink" onClick={ask}>
              Try again
            </button>
          ) : (
            <button type="button" className="btn danger" disabled={!preview || working} onClick={cancel}>
              {working ? 'One moment …' : preview ? actWords(preview) : 'Cancel'}
            </button>
          )}
          <button type="button" className="btn quiet" onClick={() => setOpen(false)}>
            Keep my {places === 1 ? 'ticket' : 'tickets'}
          </button>
        </div>
      </Dialog>
    </>
  )
}

function actWords({ refund }: Cancellation): string {
  return refund.amount > 0 ? `Cancel and get ${priceText(refund)} back` : 'Cancel without a refund'
}
