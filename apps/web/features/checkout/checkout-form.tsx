'use client'
import { type FormEvent, useEffect, useState } from 'react'
import type { Booking, User } from '../../api/bodies.ts'
import { fieldText, formText } from '../../api/form-problem.ts'
import { endIntent, intentKey } from '../../api/intent-key.ts'
import { confirmBooking, createPaymentIntent } from '../../api/operations.ts'
import { isProblem } from '../../api/problem.ts'
import { paths } from '../../paths.ts'
import { Field } from '../../ui/field.tsx'
import { priceText } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'
import { useHydrated } from '../../ui/use-hydrated.ts'
import { SignInLink } from '../account/sign-in-link.tsx'
import { type Buyer, knownBuyer, nobody, rememberBuyer } from './buyer-draft.ts'
import type { Payable } from './outcome.ts'
import { notPaidText } from './outcome-text.tsx'

type Props = {
  booking: Booking
  user: User | null
  /** What came of an earlier try, if there was one. */
  outcome: Payable
  /** The order is no longer what this form shows. */
  onStale: () => void
}

/** Who the tickets are for, and the way to pay. Guests give an address and a name; members have theirs. */
export function CheckoutForm({ booking, user, outcome, onStale }: Props) {
  const member = user !== null && !user.guest
  const free = booking.total.amount === 0
  const [buyer, setBuyer] = useState(nobody)
  const [working, setWorking] = useState(false)
  const ready = useHydrated()
  const [failure, setFailure] = useState<unknown>()

  // An effect, because what was typed before is known only in the browser, and because a page that comes back from the
  // payment page by Back is the one that was left, in the middle of leaving.
  useEffect(() => {
    setBuyer(knownBuyer())
    const shown = () => setWorking(false)
    addEventListener('pageshow', shown)
    return () => removeEventListener('pageshow', shown)
  }, [])

  function type(name: keyof Buyer, value: string) {
    const next = { ...buyer, [name]: value }
    setBuyer(next)
    rememberBuyer(next)
  }

  async function pay(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setWorking(true)
    setFailure(undefined)
    try {
      location.assign(await nextAddress(booking, member ? null : buyer, free))
    } catch (error) {
      setWorking(false)
      setFailure(error)
      if (isProblem(error, 'hold-expired', 'conflict', 'not-found', 'unauthenticated')) onStale()
    }
  }

  return (
    <form method="post" onSubmit={pay} className="flex flex-col gap-[18px]">
      {failure === undefined && <EarlierTry outcome={outcome} />}
      {free ? null : member ? (
        <p>
          The tickets go to the account of <b>{user.email}</b>.
        </p>
      ) : (
        <GuestFields buyer={buyer} onType={type} failure={failure} />
      )}
      {failure !== undefined && (
        <Notice tone="bad" live="assertive">
          {formText(failure)}
        </Notice>
      )}
      <button type="submit" className="btn w-full" disabled={working || !ready}>
        {working ? 'One moment …' : free ? 'Get my tickets' : `Pay ${priceText(booking.total)}`}
      </button>
      {!free && (
        <p className="text-14 text-ink-2">
          You pay on the page of our payment partner and come straight back. If the payment fails, the tickets stay on
          hold for you until the timer ends.
        </p>
      )}
      {!member && (
        <p className="text-14 text-ink-2">
          Have an account? <SignInLink className="link text-ink">Sign in</SignInLink>, and what you have on hold comes
          along.
        </p>
      )}
    </form>
  )
}

function EarlierTry({ outcome }: Pick<Props, 'outcome'>) {
  if (outcome.kind === 'came-back')
    return (
      <Notice tone="note" live="polite">
        Not paid yet. {notPaidText(outcome.charged)}
      </Notice>
    )
  if (outcome.kind === 'unreached')
    return (
      <Notice tone="warn">
        The payment page did not answer: try again in a moment. {notPaidText(outcome.charged)}
      </Notice>
    )
  if (outcome.kind === 'declined')
    return (
      <Notice tone="warn">
        Your bank said no{outcome.charged === 'nothing' && ', and nothing was charged'}. The tickets are still on hold
        for you: try another card.
      </Notice>
    )
  if (outcome.kind === 'step-needed')
    return (
      <Notice tone="warn">Your bank wants you to confirm the payment. Pay opens it again where you left it.</Notice>
    )
  return null
}

type GuestProps = { buyer: Buyer; onType: (name: keyof Buyer, value: string) => void; failure: unknown }

function GuestFields({ buyer, onType, failure }: GuestProps) {
  const bound = (name: keyof Buyer) => ({
    name,
    value: buyer[name],
    onChange: (event: { target: { value: string } }) => onType(name, event.target.value),
  })
  return (
    <>
      <Field
        label="E-mail"
        {...bound('email')}
        type="email"
        inputMode="email"
        autoComplete="email"
        required
        maxLength={254}
        hint="For questions about this order, and nothing else."
        error={fieldText(failure, 'email')}
      />
      <div className="grid grid-cols-1 gap-3.5 sm:grid-cols-2">
        <Field
          label="First name"
          {...bound('first_name')}
          autoComplete="given-name"
          required
          maxLength={100}
          error={fieldText(failure, 'holder/first_name')}
        />
        <Field
          label="Last name"
          hint="If you have one"
          {...bound('last_name')}
          autoComplete="family-name"
          maxLength={100}
          error={fieldText(failure, 'holder/last_name')}
        />
      </div>
    </>
  )
}

/** Where to go to pay, or, when there is nothing to pay, to the finished order. */
async function nextAddress(booking: Booking, guest: Buyer | null, free: boolean): Promise<string> {
  const done = paths.checkoutDone(booking.id)
  if (free) {
    const name = `confirm.${booking.id}`
    await confirmBooking({ body: { booking_id: booking.id }, idempotency_key: intentKey(name, {}) })
    endIntent(name)
    return done
  }
  const body = { booking_id: booking.id, return_url: new URL(done, location.origin).href, ...asGuest(guest) }
  const intent = await createPaymentIntent({ body, idempotency_key: intentKey(`pay.${booking.id}`, body) })
  return intent.checkout_url
}

function asGuest(guest: Buyer | null) {
  if (guest === null) return {}
  const holder = { first_name: guest.first_name.trim(), last_name: guest.last_name.trim() }
  return { email: guest.email.trim(), holder }
}
