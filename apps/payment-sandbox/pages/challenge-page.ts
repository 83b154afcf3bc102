import type { Intent } from '../objects.ts'
import { html } from './html.ts'
import { layout, priceOf, summary } from './layout.ts'

/** The buyer's bank asks the buyer. Either button is an answer; there is nothing to type. */
export function challengePage(intent: Intent, last4: string): string {
  const price = priceOf(intent)
  const main = html`<main class="wrap narrow">
<span class="seal quiet"><svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M12 3.5l7 2.6v5.4c0 4.3-2.9 7.5-7 9-4.1-1.5-7-4.7-7-9V6.1z"/></svg></span>
<h1>Is it you?</h1>
<p class="lead">Your bank would like to know before it pays <strong class="num">${price}</strong> with the card ending in <strong class="num">${last4}</strong>.</p>
<form class="answers" method="post" action="/challenge/${intent.client_secret}">
<button class="btn wide" type="submit" name="answer" value="complete">Yes, approve</button>
<button class="btn q wide" type="submit" name="answer" value="fail">No, refuse</button>
</form>
${summary(intent)}
</main>`
  return layout('Is it you?', main)
}
