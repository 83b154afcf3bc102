'use client'
import { type FormEvent, useState } from 'react'
import type { Booking, User } from '../../api/bodies.ts'
import { endIntent, intentKey } from '../../api/intent-key.ts'
import { confirmBooking, createPaymentIntent } from '../../api/operations.ts'
import { isProblem } from '../../api/problem.ts'
import { fieldText, problemText } from '../../api/problem-text.ts'
import { paths } from '../../paths.ts'
import { Field } from '../../ui/field.tsx'
import { priceText } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'

type Props = { booking: Booking; user: User | null; declined: boolean; onExpired: () => void }

/** Who the tickets are for, and the way to pay. Guests give an address and a name; members have theirs. */
export function CheckoutForm({ booking, user, declined, onExpired }: Props) {
  const member = user !== null && !user.guest
  const free = booking.total.amount === 0
  const [working, setWorking] = useState(false)
  const [failure, setFailure] = useState<unknown>()

  async function pay(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const guest = member
      ? {}
      : { email: text('email'), holder: { first_name: text('first_name'), last_name: text('last_name') } }
    setWorking(true)
    setFailure(undefined)
    try {
      location.assign(await nextAddress(booking, guest, free))
    } catch (error) {
      setWorking(false)
      if (isProblem(error, 'hold-expired')) onExpired()
      else setFailure(error)
    }
  }

  return (
    <form onSubmit={pay} className="flex flex-col gap-[18px]">
      {declined && !failure && (
        <Notice tone="warn">
          Your bank said no, and nothing was charged. Your seats are still yours: try another card.
        </Notice>
      )}
      {free ? null : member ? (
        <p>
          The tickets go to the account of <b>{user.email}</b>.
        </p>
      ) : (
        <GuestFields failure={failure} />
      )}
      {failure !== undefined && (
        <Notice tone="bad" live="assertive">
          {problemText(failure)}
        </Notice>
      )}
      <button type="submit" className="btn w-full" disabled={working}>
        {working ? 'One moment …' : free ? 'Get my tickets' : `Pay ${priceText(booking.total)}`}
      </button>
      {!free && (
        <p className="text-14 text-ink-2">
          You pay on the card page of our payment partner and come straight back. If the payment fails, your seats stay
          yours until the timer ends.
        </p>
      )}
    </form>
  )
}

function GuestFields({ failure }: { failure: unknown }) {
  return (
    <>
      <Field
        label="E-mail"
        name="email"
        type="email"
        inputMode="email"
        autoComplete="email"
        required
        maxLength={254}
        hint="For questions about this order, and nothing else."
        error={fieldText(failure, 'email')}
      />
      <div className="grid grid-cols-2 gap-3.5">
        <Field
          label="First name"
          name="first_name"
          autoComplete="given-name"
          required
          maxLength={100}
          error={fieldText(failure, 'holder/first_name')}
        />
        <Field
          label="Last name"
          hint="If you have one"
          name="last_name"
          autoComplete="family-name"
          maxLength={100}
          error={fieldText(failure, 'holder/last_name')}
        />
      </div>
    </>
  )
}

/** Where to go to pay, or, when there is nothing to pay, to the finished order. */
async function nextAddress(booking: Booking, guest: object, free: boolean): Promise<string> {
  const done = paths.checkoutDone(booking.id)
  if (free) {
    const name = `confirm.${booking.id}`
    await confirmBooking({ body: { booking_id: booking.id }, idempotency_key: intentKey(name, {}) })
    endIntent(name)
    return done
  }
  const body = { booking_id: booking.id, return_url: new URL(done, location.origin).href, ...guest }
  const intent = await createPaymentIntent({ body, idempotency_key: intentKey(`pay.${booking.id}`, body) })
  return intent.checkout_url ?? done
}
