'use client'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import type { Booking } from '../../api/bodies.ts'
import { endIntent } from '../../api/intent-key.ts'
import { getBooking } from '../../api/operations.ts'
import { isProblem } from '../../api/problem.ts'
import { paths } from '../../paths.ts'
import { serverNow } from '../../ui/server-clock.ts'
import { forgetHold } from '../seats/open-hold.ts'
import { HoldOver } from './checkout.tsx'
import { type Waiting, waitingFor } from './waiting.ts'

const ASK_EVERY_MS = 1_000
const ASK_EVERY_MS_LATER = 3_000
const LATER_AFTER = 15

type Props = { booking: Booking; performance_id: string; gave_up: boolean; paid: boolean; rendered_at: number }

/** Back from the card page: asks how the payment went until there is an answer, and says what happens meanwhile. */
export function WaitingPage({ booking: first, performance_id, gave_up, paid, rendered_at }: Props) {
  const router = useRouter()
  const [waiting, setWaiting] = useState<Waiting>(() => waitingFor(first, rendered_at, gave_up, paid))
  const [asked, setAsked] = useState(0)
  const { id } = first

  // An effect, because the payment partner hands its secrets back in the address, which must not stay in the history.
  useEffect(() => history.replaceState(null, '', paths.checkoutDone(id)), [id])

  // An effect, because asking again is the work of time. It ends with an answer, or with the page.
  useEffect(() => {
    if (waiting.kind === 'confirmed') {
      forgetHold()
      endIntent(`pay.${id}`)
      router.replace(paths.order(id))
    }
    if (waiting.kind === 'declined' || waiting.kind === 'unpaid') endIntent(`pay.${id}`)
    if (waiting.kind !== 'working') return
    const gone = new AbortController()
    const ask = async () => {
      try {
        setWaiting(waitingFor(await getBooking(id, undefined, { signal: gone.signal }), serverNow(), gave_up, paid))
      } catch (error) {
        // No answer is no news about the payment: ask again.
        if (!isProblem(error)) return
      }
      if (!gone.signal.aborted) setAsked((times) => times + 1)
    }
    const timer = setTimeout(() => void ask(), asked < LATER_AFTER ? ASK_EVERY_MS : ASK_EVERY_MS_LATER)
    return () => {
      clearTimeout(timer)
      gone.abort()
    }
  }, [waiting, asked, id, gave_up, paid, router])

  if (waiting.kind === 'expired') return <HoldOver performance_id={performance_id} />
  return (
    <div className="wrap flex max-w-[760px] flex-col pt-12 md:pt-24" aria-live="polite">
      {waiting.kind === 'unpaid' ? (
        <Unpaid id={id} />
      ) : waiting.kind === 'declined' ? (
        <Declined id={id} />
      ) : waiting.kind === 'refunded' ? (
        <Refunded performance_id={performance_id} />
      ) : (
        <Working long={asked > LATER_AFTER} />
      )}
    </div>
  )
}

function Working({ long }: { long: boolean }) {
  return (
    <>
      <h1 className="max-w-[14ch]">Asking your bank …</h1>
      <div
        className="mt-8 h-1.5 overflow-hidden rounded-full bg-line"
        role="progressbar"
        aria-label="Waiting for the payment"
      >
        <div className="h-full w-1/3 animate-[slide_1.4s_ease-in-out_infinite] rounded-full bg-accent" />
      </div>
      <p className="mt-6 max-w-[52ch] text-ink-2">
        {long
          ? 'This takes longer than usual. You may close this page and come back to it: your tickets are here as soon as the payment is through, and if your seats were gone by then, all of the money goes back.'
          : 'This takes a few seconds. Then your tickets are here.'}
      </p>
    </>
  )
}

function Declined({ id }: { id: string }) {
  return (
    <Answer
      title="Your bank said no."
      action={
        <Link className="btn" href={paths.checkout(id)}>
          Try another card
        </Link>
      }
    >
      Nothing was charged, and the seats are still yours until the timer ends.
    </Answer>
  )
}

function Unpaid({ id }: { id: string }) {
  return (
    <Answer
      title="Not paid yet."
      action={
        <Link className="btn" href={paths.checkout(id)}>
          Back to the checkout
        </Link>
      }
    >
      You came back without paying, and nothing was charged. The seats are still yours until the timer ends.
    </Answer>
  )
}

function Refunded({ performance_id }: { performance_id: string }) {
  return (
    <Answer
      title="A moment too late."
      action={
        <Link className="btn" href={paths.seats(performance_id)}>
          Choose again
        </Link>
      }
    >
      Your payment came through after the time had run out, and someone else had the seats by then. All of the money
      goes back to your card by itself; banks take up to five days to show it.
    </Answer>
  )
}

function Answer({ title, action, children }: { title: string; action: ReactNode; children: ReactNode }) {
  return (
    <>
      <h1 className="max-w-[14ch]">{title}</h1>
      <p className="mt-6 mb-8 max-w-[52ch] text-ink-2">{children}</p>
      <div>{action}</div>
    </>
  )
}
