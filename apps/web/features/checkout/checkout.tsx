'use client'
import type { ReactNode } from 'react'
import type { Booking, User } from '../../api/bodies.ts'
import { useNow } from '../../ui/use-now.ts'
import { LiveHolds } from '../seats/live-holds.tsx'
import { CheckoutForm } from './checkout-form.tsx'
import { HoldTimer } from './hold-timer.tsx'
import { isPayable, outcomeOf } from './outcome.ts'
import { useFreshBooking } from './use-fresh-booking.ts'
import { WaitingPage } from './waiting-page.tsx'

type Props = {
  booking: Booking
  /** The performance's. */
  end_time: string
  user: User | null
  /** The payment page was asked for and did not answer. */
  unreached: boolean
  hold_ms: number
  rendered_at: number
  summary: ReactNode
}

/** One page from the hold to the payment. Modes: payable (the form) → whatever became of the order, told in its place. */
export function Checkout({ booking: first, end_time, user, unreached, hold_ms, rendered_at, summary }: Props) {
  const { booking, again } = useFreshBooking(first)
  // Whoever is on this page has not paid, or came back from the payment page without having paid.
  const outcome = outcomeOf({ ...booking, end_time }, useNow(rendered_at), { gave_up: true, unreached })
  if (!isPayable(outcome))
    return <WaitingPage booking={booking} end_time={end_time} hints={{ gave_up: true }} rendered_at={rendered_at} />
  return (
    <div className="wrap max-w-[1040px] pt-6 pb-16 md:pt-12">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8 md:grid-cols-[minmax(0,1.1fr)_minmax(0,0.9fr)] md:gap-10 lg:gap-16">
        <div>
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <h1 className="text-[34px] md:text-40">Almost yours</h1>
            <HoldTimer expires_at={booking.hold_expires_at} hold_ms={hold_ms} rendered_at={rendered_at} />
          </div>
          <p className="mt-2 mb-7 text-ink-2">
            {introduction(user !== null && !user.guest, booking.total.amount === 0)}
          </p>
          <CheckoutForm booking={booking} user={user} outcome={outcome} onStale={again} />
          <div className="mt-6 empty:hidden">
            <LiveHolds except={booking.id} rendered_at={rendered_at} />
          </div>
        </div>
        <div className="max-md:-order-1">{summary}</div>
      </div>
    </div>
  )
}

function introduction(member: boolean, free: boolean): string {
  if (member) return free ? 'One last look, and they are yours.' : 'One last look, then pay.'
  return `No account needed. Your tickets are here ${free ? 'at once' : 'right after paying'}, with a link to keep.`
}
