const KEY = 'tessera.buyer'

/** What a guest has typed of themselves. */
export type Buyer = { email: string; first_name: string; last_name: string }

export const nobody: Buyer = { email: '', first_name: '', last_name: '' }

/** Kept for this tab until an order is paid: over a reload, the way to the bank and back, and a hold that ran out. */
export function rememberBuyer(buyer: Buyer): void {
  sessionStorage.setItem(KEY, JSON.stringify(buyer))
}

export function knownBuyer(): Buyer {
  const known: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
  if (typeof known !== 'object' || known === null) return nobody
  const text = (name: keyof Buyer) => {
    const value: unknown = Reflect.get(known, name)
    return typeof value === 'string' ? value : ''
  }
  return { email: text('email'), first_name: text('first_name'), last_name: text('last_name') }
}

export function forgetBuyer(): void {
  sessionStorage.removeItem(KEY)
}
