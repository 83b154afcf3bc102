import Link from 'next/link'
import type { ReactNode } from 'react'
import { paths } from '../../paths.ts'
import { givenBackText } from './given-back.ts'
import type { Charged, Outcome } from './outcome.ts'

type Props = {
  outcome: Outcome
  /** It takes longer than usual. */
  long: boolean
  /** Where to pay, where that is possible. */
  pay: string | null
  /** Where to choose again. */
  choose: string
}

const NOT_PAID = { 'came-back': 'Not paid yet.', unreached: 'The payment page did not answer.' }

/** Each outcome in words: what happened, what became of the money, what to do now. */
export function OutcomeText({ outcome, long, pay, choose }: Props) {
  const payAgain = (words: string) => pay !== null && <Way href={pay}>{words}</Way>
  switch (outcome.kind) {
    case 'confirmed':
    case 'cancelled':
      return <Working title="One moment …">Here comes your order.</Working>
    case 'working':
      return (
        <Working title="Asking your bank …" action={long && payAgain('Not paid yet? Back to the checkout')}>
          {long
            ? 'This takes longer than usual. You may close this page and come back to it: your tickets are here as soon as the payment is through, and if it comes too late for the seats, all of the money goes back.'
            : 'This takes a few seconds. Then your tickets are here.'}
        </Working>
      )
    case 'closing':
      return (
        <Working title="The time for these ran out." action={<Way href={choose}>Choose again</Way>}>
          If you paid in the last moment, this page says so within two or three minutes: then they are yours if nobody
          has taken them, and if not, all of your money goes back.
        </Working>
      )
    case 'step-needed':
      return (
        <Answer title="Your bank wants one more step." action={payAgain('Go on with the payment')}>
          Confirm the payment as your bank asks, in its app or by a code, before the timer ends. The seats are on hold
          for you until then.
        </Answer>
      )
    case 'declined':
      return (
        <Answer title="Your bank said no." action={payAgain('Try another card')}>
          {chargedText(outcome.charged)} The seats are still on hold for you until the timer ends.
        </Answer>
      )
    case 'unpaid':
      return (
        <Answer title="Not paid yet." action={payAgain('Back to the checkout')}>
          The seats are still on hold for you until the timer ends.
        </Answer>
      )
    case 'came-back':
    case 'unreached':
      return (
        <Answer title={NOT_PAID[outcome.kind]} action={payAgain('Back to the checkout')}>
          {notPaidText(outcome.charged)}
        </Answer>
      )
    case 'expired':
      return (
        <Answer title="The time for these ran out." action={<Way href={choose}>Choose again</Way>}>
          They went back. {chargedText(outcome.charged)} We hold tickets for a few minutes only, so that nobody waits
          for what was left behind. With a little luck, yours are still free.
        </Answer>
      )
    case 'released':
      return (
        <Answer title="You let these go." action={<Way href={choose}>Choose again</Way>}>
          They are free for everyone again, and for you too. {chargedText(outcome.charged)}
        </Answer>
      )
    case 'event-over':
    case 'event-cancelled':
      return <NoEvent over={outcome.kind === 'event-over'} charged={outcome.charged} />
    case 'refunded':
      return <Refunded {...outcome} choose={choose} />
  }
}

function NoEvent({ over, charged }: { over: boolean; charged: Charged }) {
  return (
    <Answer
      title={over ? 'The event is over.' : 'This event was cancelled.'}
      action={<Way href={paths.discover()}>See what is on</Way>}
    >
      {over
        ? 'The tickets were not paid for before it ended.'
        : 'The organizer cancelled it while you had tickets on hold.'}{' '}
      {chargedText(charged)}
    </Answer>
  )
}

function Refunded({ payment, choose }: Extract<Outcome, { kind: 'refunded' }> & { choose: string }) {
  const { title, text, again } = givenBackText(payment)
  return (
    <Answer
      title={title}
      action={again ? <Way href={choose}>Choose again</Way> : <Way href={paths.discover()}>See what is on</Way>}
    >
      {text}
    </Answer>
  )
}

/** `nothing-yet`: a payment page is open, so that only what has happened until now is certain. */
export function notPaidText(charged: Charged): string {
  const money = charged === 'nothing' ? 'Nothing was charged' : 'Nothing has been charged so far'
  return `${money}; the tickets are still on hold for you until the timer ends.`
}

function chargedText(charged: Charged): string {
  return charged === 'nothing'
    ? 'Nothing was charged.'
    : 'We have received no payment. Should one still arrive and find nothing to buy, all of it goes back.'
}

function Working({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <>
      <h1 className="max-w-[14ch]">{title}</h1>
      <div
        className="mt-8 h-1.5 overflow-hidden rounded-full bg-line"
        role="progressbar"
        aria-label="Waiting for news of the payment"
      >
        <div className="h-full w-1/3 animate-[slide_1.4s_ease-in-out_infinite] rounded-full bg-accent" />
      </div>
      <p className="mt-6 mb-8 max-w-[52ch] text-ink-2">{children}</p>
      <div>{action}</div>
    </>
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

function Way({ href, children }: { href: string; children: string }) {
  return (
    <Link className="btn" href={href}>
      {children}
    </Link>
  )
}
