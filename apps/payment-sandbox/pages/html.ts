import { formatMoney } from '@tessera/contracts/money'

/** Text that is HTML already and is not escaped again. */
export type Html = { readonly html: string }
type Piece = Html | string | null | readonly Html[]

/** What is being paid: an intent or a session. */
export type Bill = { amount: number; currency: string; description: string | null }

/** A template whose values are escaped, unless they are HTML themselves; null is nothing. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return { html: strings.reduce((text, next, index) => text + write(pieces[index - 1] ?? null) + next) }
}

function write(piece: Piece): string {
  if (piece === null) return ''
  if (typeof piece === 'string') return piece.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
  return 'html' in piece ? piece.html : piece.map((each) => each.html).join('')
}

/** The amount as people read it, by the currency's exponent in ISO 4217. */
export function priceOf({ amount, currency }: Bill): string {
  return formatMoney({ amount, currency: currency.toUpperCase() })
}

/** The frame of every page: a heading, what is paid for, and `content`. */
export function page(title: string, bill: Bill | null, content: Html, head: Html | null = null): string {
  return html`<!doctype html>
<html lang="en"><head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Tessera test bank</title>
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/pay.css">
${head}</head><body>
<header class="line"><strong>Tessera</strong> Test bank</header>
<main>
<h1>${title}</h1>
${bill === null ? null : html`<p class="line">${bill.description ?? 'Your order'}<strong>${priceOf(bill)}</strong></p>`}
${content}
</main></body></html>
`.html
}
