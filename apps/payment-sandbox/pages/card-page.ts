import type { CardErrors, CardInput } from './card.ts'
import { type Bill, type Html, html, layout, priceOf, summary } from './html.ts'

/** The cards that the page offers: what they do, shown by shape as well as colour. */
const OFFERED = [
  { number: '4242 4242 4242 4242', effect: 'Goes through', sign: '●' },
  { number: '4000 0025 0000 3155', effect: 'Asks you to approve', sign: '◌' },
  { number: '4000 0000 0000 0002', effect: 'Declined', sign: '✕' },
  { number: '4000 0000 0000 9995', effect: 'Not enough money', sign: '✕' },
] as const

export type CardPage = {
  /** Where the form goes. */
  action: string
  bill: Bill
  input: CardInput
  errors: CardErrors
  /** What went wrong with the whole payment; null before the first try. */
  refusal: string | null
  back_url: string | null
}

/** The form that takes a (test) card; without any script. */
export function cardPage({ action, bill, input, errors, refusal, back_url }: CardPage): string {
  const price = priceOf(bill)
  const main = html`<main class="pay">
<div class="beside">${summary(bill)}</div>
<div class="intro"><h1>Pay by card</h1>
<p>A bank for tests: no money moves. <a href="#hints">Pick a test card</a>, never type a real one.</p></div>
<form id="card" method="post" action="${action}" novalidate>
<p class="alert" role="alert"${refusal === null ? html` hidden` : null}>${refusal}</p>
${field('number', 'Card number', input.number, errors.number, html`inputmode="numeric" autocomplete="cc-number" maxlength="24" placeholder="1234 1234 1234 1234"`)}
<div class="pair">
${field('expiry', 'Expires', input.expiry, errors.expiry, html`inputmode="numeric" autocomplete="cc-exp" maxlength="9" placeholder="MM / YY"`)}
${field('cvc', 'Security code', input.cvc, errors.cvc, html`inputmode="numeric" autocomplete="cc-csc" maxlength="4" placeholder="CVC"`)}
</div>
<button class="btn accent" type="submit">Pay ${price}</button>
${back_url === null ? null : html`<a class="back" href="${back_url}">Back without paying</a>`}
</form>
<section class="hints" id="hints" aria-labelledby="hints-title" tabindex="-1"><h2 id="hints-title">Test cards</h2>
<ul>${OFFERED.map(offer)}</ul>
<p>Choose one to fill the form.</p></section>
</main>`
  return layout(`Pay ${price}`, main)
}

/** The buyer's bank asks the buyer. Either button is an answer; there is nothing to type. */
export function challengePage(action: string, bill: Bill, last4: string): string {
  const main = html`<main class="narrow">
<h1>Is it you?</h1>
<p>Your bank would like to know before it pays <strong>${priceOf(bill)}</strong> with the card ending in <strong>${last4}</strong>.</p>
<form method="post" action="${action}">
<button class="btn accent" type="submit" name="answer" value="complete">Yes, approve</button>
<button class="btn" type="submit" name="answer" value="fail">No, refuse</button>
</form>
${summary(bill)}
</main>`
  return layout('Is it you?', main)
}

function field(name: keyof CardInput, label: string, value: string, error: string | undefined, attributes: Html): Html {
  const invalid = error === undefined ? null : html` aria-invalid="true"`
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="text" value="${value}" required ${attributes} aria-describedby="${name}-error"${invalid}>
<p class="error" id="${name}-error">${error ?? ''}</p></div>`
}

function offer({ number, effect, sign }: (typeof OFFERED)[number]): Html {
  return html`<li><button type="submit" name="fill" value="${number}" form="card" formnovalidate><span>${number}</span><span><span aria-hidden="true">${sign}</span> ${effect}</span></button></li>`
}
