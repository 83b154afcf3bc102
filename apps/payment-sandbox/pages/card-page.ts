import type { Intent } from '../objects.ts'
import type { CardErrors, CardInput } from './card-check.ts'
import { type Html, html } from './html.ts'
import { layout, priceOf, summary } from './layout.ts'

/** The cards that the page offers: what they do, shown by shape as well as colour. */
const OFFERED = [
  { number: '4242 4242 4242 4242', effect: 'Goes through', shape: 'good' },
  { number: '4000 0025 0000 3155', effect: 'Asks you to approve', shape: 'ask' },
  { number: '4000 0000 0000 0002', effect: 'Declined', shape: 'bad' },
  { number: '4000 0000 0000 9995', effect: 'Not enough money', shape: 'bad' },
] as const

const shape = (drawing: Html): Html =>
  html`<svg viewBox="0 0 14 14" width="14" height="14" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">${drawing}</svg>`
const SHAPES = {
  good: shape(html`<circle cx="7" cy="7" r="6" fill="currentColor" stroke="none"/>`),
  ask: shape(html`<circle cx="7" cy="7" r="5.2" stroke-dasharray="3.1 2.34"/>`),
  bad: shape(html`<path d="M2.5 2.5l9 9M11.5 2.5l-9 9" stroke-linecap="round"/>`),
} as const

export type CardPage = {
  intent: Intent
  input: CardInput
  errors: CardErrors
  /** What went wrong with the whole payment; null before the first try. */
  refusal: string | null
  back_url: string | null
}

/** The form that takes a (test) card. It works without its script; the script only makes it pleasant. */
export function cardPage(page: CardPage): string {
  const { intent, input, errors, refusal, back_url } = page
  const price = priceOf(intent)
  const main = html`<main class="wrap pay">
<div class="beside">${summary(intent)}</div>
<div class="intro"><h1>Pay by card</h1>
<p class="lead">A bank for trying things out: no money moves. <a href="#hints">Pick a test card</a>, never type a real one.</p></div>
<form class="card-form" id="card" method="post" action="/pay/${intent.client_secret}" novalidate data-card-form>
<p class="alert" role="alert" data-alert${refusal === null ? html` hidden` : null}>${refusal}</p>
${field('number', 'Card number', input.number, errors.number, html`inputmode="numeric" autocomplete="cc-number" maxlength="24" placeholder="1234 1234 1234 1234"`)}
<div class="pair">
${field('expiry', 'Expires', input.expiry, errors.expiry, html`inputmode="numeric" autocomplete="cc-exp" maxlength="9" placeholder="MM / YY"`)}
${field('cvc', 'Security code', input.cvc, errors.cvc, html`inputmode="numeric" autocomplete="cc-csc" maxlength="4" placeholder="CVC"`)}
</div>
<button class="btn wide" type="submit" data-pay><span data-label>Pay ${price}</span></button>
${back_url === null ? null : html`<p class="cancel"><a href="${back_url}">Back without paying</a></p>`}
</form>
<section class="hints" id="hints" aria-labelledby="hints-title" tabindex="-1"><h2 id="hints-title">Test cards</h2>
<ul>${OFFERED.map(offer)}</ul>
<p class="note">Choose one to fill the form.</p></section>
</main>`
  return layout(`Pay ${price}`, main)
}

function field(name: keyof CardInput, label: string, value: string, error: string | undefined, attributes: Html): Html {
  const invalid = error === undefined ? null : html` aria-invalid="true"`
  return html`<div class="field"><label for="${name}">${label}</label>
<input class="num" id="${name}" name="${name}" type="text" value="${value}" required ${attributes} aria-describedby="${name}-error"${invalid}>
<p class="error" id="${name}-error" data-error="${name}">${error ?? ''}</p></div>`
}

function offer({ number, effect, shape }: (typeof OFFERED)[number]): Html {
  return html`<li><button type="submit" name="fill" value="${number}" form="card" formnovalidate data-fill><span class="num">${number}</span><span class="effect ${shape}">${SHAPES[shape]}${effect}</span></button></li>`
}
