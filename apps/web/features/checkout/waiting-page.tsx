'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import type { Booking } from '../../api/bodies.ts'
import { endIntent } from '../../api/intent-key.ts'
import { paths } from '../../paths.ts'
import { useNow } from '../../ui/use-now.ts'
import { forgetBuyer } from './buyer-draft.ts'
import { missingTickets } from './missing-tickets.ts'
import { type Hints, isPayable, outcomeOf } from './outcome.ts'
import { OutcomeText } from './outcome-text.tsx'
import { useFreshBooking } from './use-fresh-booking.ts'

const ASK_EVERY_MS = 1_000
const ASK_EVERY_MS_LATER = 3_000
const LATER_AFTER = 15

type Props = {
  booking: Booking
  /** The performance's. */
  end_time: string
  hints: Hints
  rendered_at: number
}

/** What became of an order: waits for the outcome of a payment, asking again until there is one, and tells it. */
export function WaitingPage({ booking: first, end_time, hints, rendered_at }: Props) {
  const router = useRouter()
  const { booking, again } = useFreshBooking(first)
  const [asked, setAsked] = useState(0)
  const outcome = outcomeOf({ ...booking, end_time }, useNow(rendered_at), hints)
  const { id } = booking
  const { kind } = outcome
  const issuing = kind === 'confirmed' && missingTickets(booking) > 0 && asked < LATER_AFTER
  const open = kind === 'working' || kind === 'closing' || issuing

  // An effect, because the payment partner hands its secrets back in the address, which must not stay in the history.
  useEffect(() => {
    if (location.search) history.replaceState(history.state, '', location.pathname)
  }, [])

  // An effect, because leaving for the order, and forgetting what was for this one only, follows from the news.
  useEffect(() => {
    if (issuing) return
    if (kind === 'confirmed' || kind === 'cancelled') {
      forgetBuyer()
      router.replace(paths.order(id))
    }
    // A payment that waits for a step is gone on with; after every other answer the next try is a new one.
    if (!open && kind !== 'step-needed') endIntent(`pay.${id}`)
  }, [kind, open, issuing, id, router])

  // An effect, because asking again is the work of time. It ends with an answer, or with the page.
  useEffect(() => {
    if (!open) return
    const ask = async () => {
      await again()
      setAsked(asked + 1)
    }
    const timer = setTimeout(() => void ask(), asked < LATER_AFTER ? ASK_EVERY_MS : ASK_EVERY_MS_LATER)
    return () => clearTimeout(timer)
  }, [open, asked, again])

  return (
    <div className="wrap flex max-w-[760px] flex-col pt-12 md:pt-24" aria-live="polite">
      <OutcomeText
        outcome={outcome}
        long={asked > LATER_AFTER}
        pay={isPayable(outcome) || kind === 'working' ? paths.checkout(id) : null}
        choose={paths.seats(booking.performance_id)}
      />
    </div>
  )
}
