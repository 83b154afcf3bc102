/** The accounts, one of each per organization, provider and currency. Debits are positive, credits negative. */
export type Account =
  /** What the provider holds for the organization. */
  | 'provider_cash'
  /** What the provider kept of it. */
  | 'provider_fees'
  /** What the organization is owed for what it sold. */
  | 'organizer_payable'
  /** What of it was given back to buyers. */
  | 'refunds'
  /** What the buyers' banks took back. */
  | 'disputes'

export type MovementKind =
  | 'capture'
  | 'provider-fee'
  | 'refund'
  | 'late-refund'
  | 'refund-returned'
  | 'late-refund-returned'
  | 'dispute'
  | 'dispute-won'

export type Line = { account: Account; amount: number }

/**
 * The lines of a movement. A late refund undoes its capture, because nothing was ever sold for it; a refund of something
 * sold stands on its own account, so that statements show what was sold and what was given back. Lines of zero are left
 * out: a provider that takes no fee moves nothing.
 */
export function linesOf(kind: MovementKind, amount: number, fee = 0): Line[] {
  return doubled(kind, amount, fee).filter((line) => line.amount !== 0)
}

function doubled(kind: MovementKind, amount: number, fee: number): Line[] {
  switch (kind) {
    case 'capture':
      return between('provider_cash', 'organizer_payable', amount)
    case 'provider-fee':
      return between('provider_fees', 'provider_cash', amount)
    case 'refund':
      return between('refunds', 'provider_cash', amount)
    case 'late-refund':
      return between('organizer_payable', 'provider_cash', amount)
    case 'refund-returned':
      return between('provider_cash', 'refunds', amount)
    case 'late-refund-returned':
      return between('provider_cash', 'organizer_payable', amount)
    case 'dispute':
      return [
        { account: 'disputes', amount },
        { account: 'provider_fees', amount: fee },
        { account: 'provider_cash', amount: -(amount + fee) },
      ]
    case 'dispute-won':
      return between('provider_cash', 'disputes', amount)
  }
}

function between(debit: Account, credit: Account, amount: number): Line[] {
  return [
    { account: debit, amount },
    { account: credit, amount: -amount },
  ]
}
