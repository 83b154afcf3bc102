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
<header><strong>Tessera</strong><span>Test bank</span></header>
${main}
</body>
</html>
`.html
}

/** What is being paid for, and how much. */
export function summary(bill: Bill): Html {
  return html`<section class="sheet" aria-label="What you pay for">
<p>${bill.description ?? 'Your order'}</p><p class="total"><span>Total</span> <span>${priceOf(bill)}</span></p>
</section>`
}

type Notice = { title: string; text: string; bill?: Bill; link?: { url: string; label: string } | null; head?: Html }

/** A page that says one thing and offers one way on. */
export function notice({ title, text, bill, link, head }: Notice): string {
  const main = html`<main class="narrow">
<h1>${title}</h1>
<p role="status">${text}</p>
${bill === undefined ? null : summary(bill)}
${link ? html`<a class="btn" href="${link.url}">${link.label}</a>` : null}
</main>`
  return layout(title, main, head ?? null)
}
