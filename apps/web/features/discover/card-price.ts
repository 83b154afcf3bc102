import type { EventListItem, SaleSummary } from '../../api/bodies.ts'
import { fromText } from '../../ui/money.ts'
import { dayAndMonth } from '../../ui/when.ts'
import { opensLater } from '../event/from-price.ts'

export type CardPrice = { words: string; tone: 'plain' | 'accent' | 'quiet' }

/** The last line of a card: from which price it can be bought, or why it cannot. */
export function cardPrice(event: EventListItem, sale: SaleSummary | undefined, now_ms: number): CardPrice | null {
  const opens_at = opensLater(event.sale_start, now_ms)
  if (opens_at) return { words: `On sale ${dayAndMonth(opens_at, event.venue.time_zone, now_ms)}`, tone: 'accent' }
  if (sale?.state === 'sold_out') return { words: 'Sold out', tone: 'quiet' }
  if (sale?.state === 'all_held') return { words: 'All on hold right now', tone: 'quiet' }
  if (sale?.state === 'ended') return { words: 'Sale ended', tone: 'quiet' }
  if (sale?.state === 'not_yet') return { words: 'Not on sale yet', tone: 'quiet' }
  const price = sale ? sale.from_price : event.from_price
  if (!price) return null
  const words = fromText(price)
  return sale?.state === 'few' ? { words: `Last ones · ${words}`, tone: 'accent' } : { words, tone: 'plain' }
}
