import type { Intent } from '../objects.ts'
import type { State } from '../state.ts'
import { html } from './html.ts'
import { notice } from './layout.ts'

/** The page of an intent that takes no card at the moment; null when it does. */
export function stateOf(state: State, intent: Intent): string | null {
  const url = backUrl(state, intent)
  const link = url === null ? null : { url: nextUrl(state, intent) ?? url, label: 'Back to your tickets' }
  switch (intent.status) {
    case 'succeeded':
      return notice({
        title: 'Paid',
        text: 'The bank said yes. Your tickets are on their way.',
        intent,
        tone: 'good',
        link,
      })
    case 'canceled':
      return notice({
        title: 'Called off',
        text: 'This payment was cancelled. Nothing was taken.',
        intent,
        tone: 'bad',
        link,
      })
    case 'processing': {
      const text = 'The bank is taking its time. You can wait here or close this page: nothing is lost.'
      const head = html`<noscript><meta http-equiv="refresh" content="3"></noscript><meta name="waiting" data-waiting="/pay/${intent.client_secret}/status">`
      return notice({ title: 'One moment', text, intent, tone: 'quiet', link: null, head })
    }
    case 'requires_action':
      return notice({
        title: 'Your bank has a question',
        text: 'It wants to know that it is you before it pays.',
        intent,
        tone: 'quiet',
        link: { url: `/challenge/${intent.client_secret}`, label: 'Answer it' },
      })
    case 'requires_payment_method':
    case 'requires_confirmation':
    case 'requires_capture':
    default:
      return null
  }
}

const REFUSALS: ReadonlyMap<string | undefined, string> = new Map([
  ['insufficient_funds', 'There is not enough money on this card. Nothing was taken; try another one.'],
  ['expired_card', 'The bank says this card has expired. Nothing was taken; try another one.'],
  ['incorrect_cvc', 'The security code does not match the card. Nothing was taken; check it and try again.'],
  ['processing_error', 'The bank stumbled. Nothing was taken; try again in a moment.'],
  [
    'payment_intent_authentication_failure',
    'The payment was not approved. Nothing was taken; try again or use another card.',
  ],
])

/** Why the last try failed, in words that a buyer can act on; null when there was none. */
export function sayRefusal(intent: Intent): string | null {
  const error = intent.last_payment_error
  if (error === null) return null
  const said = REFUSALS.get(error.decline_code ?? error.code)
  return said ?? 'The bank said no to this card. Nothing was taken; try another one.'
}

/** Where the buyer goes from here; null when he stays. */
export function nextUrl(state: State, intent: Intent): string | null {
  switch (intent.status) {
    case 'succeeded':
      return returnUrl(state, intent, 'succeeded')
    case 'requires_action':
      return `/challenge/${intent.client_secret}`
    case 'requires_payment_method':
      return intent.last_payment_error === null ? null : (returnUrl(state, intent, 'failed') ?? payUrl(intent))
    case 'canceled':
      return returnUrl(state, intent, 'canceled')
    case 'processing':
    case 'requires_confirmation':
    case 'requires_capture':
    default:
      return null
  }
}

export function backUrl(state: State, intent: Intent): string | null {
  return returnUrl(state, intent, 'canceled')
}

function returnUrl(state: State, intent: Intent, redirect_status: 'succeeded' | 'failed' | 'canceled'): string | null {
  const return_url = state.backstage.get(intent.id)?.return_url ?? null
  if (return_url === null) return null
  const url = new URL(return_url)
  url.searchParams.set('payment_intent', intent.id)
  url.searchParams.set('payment_intent_client_secret', intent.client_secret ?? '')
  url.searchParams.set('redirect_status', redirect_status)
  return url.href
}

export function payUrl(intent: Intent): string {
  return `/pay/${intent.client_secret}`
}
