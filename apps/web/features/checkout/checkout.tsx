'use client'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import type { Booking, User } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { Empty } from '../../ui/empty.tsx'
import { useNow } from '../../ui/use-now.ts'
import { CheckoutForm } from './checkout-form.tsx'
import { HoldTimer } from './hold-timer.tsx'

type Props = {
  booking: Booking
  performance_id: string
  user: User | null
  declined: boolean
  hold_ms: number
  rendered_at: number
  summary: ReactNode
}

/** One page from the hold to the payment. Modes: held (the form) → expired (a kind word and the way back). */
export function Checkout({ booking, performance_id, user, declined, hold_ms, rendered_at, summary }: Props) {
  const [refused, setRefused] = useState(false)
  const over = Date.parse(booking.hold_expires_at) <= useNow(rendered_at)
  if (over || refused) return <HoldOver performance_id={performance_id} />
  return (
    <div className="wrap max-w-[1040px] pt-6 pb-16 md:pt-12">
      <div className="grid gap-8 md:grid-cols-[1.1fr_0.9fr] md:gap-16">
        <div>
          <div className="flex items-center justify-between gap-4">
            <h1 className="text-[34px] md:text-40">Almost yours</h1>
            <HoldTimer expires_at={booking.hold_expires_at} hold_ms={hold_ms} rendered_at={rendered_at} />
          </div>
          <p className="mt-2 mb-7 text-ink-2">
            {user && !user.guest
              ? 'One last look, then pay.'
              : 'No account needed. Your tickets are here right after paying, with a link to keep.'}
          </p>
          <CheckoutForm booking={booking} user={user} declined={declined} onExpired={() => setRefused(true)} />
        </div>
        <div className="max-md:-order-1">{summary}</div>
      </div>
    </div>
  )
}

export function HoldOver({ performance_id }: { performance_id: string }) {
  return (
    <div className="wrap max-w-[1040px] pt-6 md:pt-12" role="status">
      <h1 className="mb-8 max-w-[16ch]">The time for these ran out.</h1>
      <Empty
        title="They went back, and nothing was charged"
        action={
          <Link className="btn" href={paths.seats(performance_id)}>
            Choose again
          </Link>
        }
      >
        We hold tickets for a few minutes so that nobody waits for a basket that was left standing. With a little luck,
        yours are still free.
      </Empty>
    </div>
  )
}
