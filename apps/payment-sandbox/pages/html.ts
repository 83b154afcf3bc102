import { formatMoney } from '@tessera/contracts/money'

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is HTML already and is not escaped again. */
export type Html = { readonly html: string }
type Piece = Html | string | number | null | readonly Html[]

/** What is being paid: an intent or a session. */
export type Bill = { amount: number; currency: string; description: string | null }

/** A template whose values are escaped, unless they are HTML themselves; null is nothing. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return { html: strings.reduce((text, next, index) => text + write(pieces[index - 1] ?? null) + next) }
}

function write(piece: Piece): string {
  if (piece === null) return ''
  if (typeof piece === 'string' || typeof piece === 'number') {
    return String(piece).replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char)
  }
  return 'html' in piece ? piece.html : piece.map((each) => each.html).join('')
}

/** The amount as people read it, by the currency's exponent in ISO 4217. */
export function priceOf({ amount, currency }: Bill): string {
  return formatMoney({ amount, currency: currency.toUpperCase() })
}

/** The frame of every page. `main` brings its own heading. */
export function layout(title: string, main: Html, head: Html | null = null): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Tessera test bank</title>
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/pay.css">
${head}</head>
<body>
<header class="top"><div class="wrap bar"><span class="logo"><img src="/assets/mark.svg" alt="" width="26" height="26">Tessera</span><span class="chip">Test bank</span></div></header>
${main}
</body>
</html>
`.html
}

/** What is being paid for, and how much. */
export function summary(bill: Bill): Html {
  return html`<section class="sheet" aria-label="What you pay for">
<p class="what">${bill.description ?? 'Your order'}</p><p class="total"><span>Total</span> <strong class="num">${priceOf(bill)}</strong></p>
</section>`
}

/** A page that says one thing and offers one way on. */
export function notice(input: {
  title: string
  text: string
  bill?: Bill
  link?: { url: string; label: string } | null
  head?: Html
}): string {
  const { title, text, bill, link, head } = input
  const main = html`<main class="wrap narrow">
<h1>${title}</h1>
<p class="lead" role="status">${text}</p>
${bill === undefined ? null : summary(bill)}
${link ? html`<p class="actions"><a class="btn ink wide" href="${link.url}">${link.label}</a></p>` : null}
</main>`
  return layout(title, main, head ?? null)
}
