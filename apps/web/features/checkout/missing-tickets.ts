type Order = { status: string; line_items: readonly { quantity: number }[]; tickets: readonly unknown[] }

/** How many tickets of a confirmed order are still to be issued: they follow its confirmation within moments. */
export function missingTickets({ status, line_items, tickets }: Order): number {
  if (status !== 'confirmed') return 0
  return Math.max(0, line_items.reduce((sum, { quantity }) => sum + quantity, 0) - tickets.length)
}
