type Order = {
  cancelled: boolean
  /** The performance has ended. */
  over: boolean
  /** Of the week, in the venue's zone. */
  day: string
  holder: { first_name: string } | null
  /** Of the account that has the tickets; null for a guest's. */
  email: string | null
}

/** What an order says first, and where its tickets are. */
export function orderGreeting({ cancelled, over, day, holder, email }: Order): { headline: string; words: string } {
  if (cancelled) return { headline: 'This order is cancelled.', words: 'Its tickets are no longer valid.' }
  const name = holder ? `, ${holder.first_name}` : ''
  return {
    headline: over ? 'We hope it was lovely.' : `See you ${day}${name}.`,
    words: email
      ? `In the account of ${email}. Show the code at the door.`
      : 'Show the code at the door, on this screen or printed. Keep the order link: it opens them anywhere.',
  }
}
