import { formatMoney } from '@tessera/contracts/money'
import type { Intent } from '../objects.ts'
import { type Html, html } from './html.ts'
import { mosaic } from './mosaic.ts'

/** The amount as people read it, in the currency's own number of decimals. */
export function priceOf(intent: Intent): string {
  return formatMoney({ amount: intent.amount, currency: intent.currency.toUpperCase() })
}

/** The frame of every page. `main` brings its own heading. */
export function layout(title: string, main: Html, head: Html | null = null): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="theme-color" content="#fbfaf7" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#12110f" media="(prefers-color-scheme: dark)">
<title>${title} · Tessera test bank</title>
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="preload" href="/assets/geist.woff2" as="font" type="font/woff2" crossorigin>
<link rel="preload" href="/assets/bricolage.woff2" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="/assets/pay.css">
<script type="module" src="/assets/pay.js"></script>
${head}</head>
<body>
<header class="top"><div class="wrap bar"><span class="logo"><img src="/assets/mark.svg" alt="" width="26" height="26">Tessera</span><span class="chip">Test bank</span></div></header>
${main}
</body>
</html>
`
  return page.html
}

/** What is being paid for, and how much. */
export function summary(intent: Intent): Html {
  const what = intent.description ?? 'Your order'
  return html`<section class="sheet summary" aria-label="What you pay for">
<div class="poster">${mosaic(what, 8, 2)}</div>
<div class="lines"><p class="what">${what}</p><p class="total"><span>Total</span> <strong class="num">${priceOf(intent)}</strong></p></div>
</section>`
}

/** A page that says one thing and offers one way on. */
export function notice(input: {
  title: string
  text: string
  intent: Intent | null
  tone: 'good' | 'bad' | 'quiet'
  link: { url: string; label: string } | null
  head?: Html
}): string {
  const { title, text, intent, tone, link } = input
  const main = html`<main class="wrap narrow">
<span class="seal ${tone}">${SEALS[tone]}</span>
<h1>${title}</h1>
<p class="lead" role="status">${text}</p>
${intent === null ? null : summary(intent)}
${link === null ? null : html`<p class="actions"><a class="btn ink wide" href="${link.url}">${link.label}</a></p>`}
</main>`
  return layout(title, main, input.head ?? null)
}

const stroke = (path: string): Html =>
  html`<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${path}"/></svg>`
const SEALS = {
  good: stroke('M5 12.5l4.5 4.5L19 7.5'),
  bad: stroke('M7 7l10 10M17 7L7 17'),
  quiet: stroke('M12 6.5V12l3.5 2.5'),
} as const
