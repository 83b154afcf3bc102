import type { Db, Tx } from '#platform/db'
import type { OnSale } from './on-sale.ts'
import type { OnSaleStore } from './on-sale-store.ts'

type Deps = { db: Db; on_sale: OnSaleStore }
type Wanted = { performance_no: number; line_tiers: readonly number[] }

/** Rolls the transaction back, so that the missing copy can be read outside of it. */
class NotInMemory extends Error {
  readonly performance_no: number
  constructor(performance_no: number) {
    super(`Performance ${performance_no} is not in memory`)
    this.performance_no = performance_no
  }
}

const TRIES_MAX = 3

/**
 * A transaction that reads what is on sale. It must not wait for that read while holding a connection: as many such
 * transactions as the pool has connections would deadlock. A copy that is missing in memory is therefore read after the
 * transaction was rolled back, and the transaction is retried.
 */
export async function saleTransaction<T>(
  deps: Deps,
  work: (tx: Tx, saleOf: (wanted: Wanted) => OnSale) => Promise<T>,
): Promise<T> {
  let loaded: OnSale | undefined
  const saleOf = ({ performance_no, line_tiers }: Wanted): OnSale => {
    const sale = deps.on_sale.kept(performance_no) ?? loaded
    if (sale?.performance_no !== performance_no || !line_tiers.every((tier_no) => sale.tierByNo.has(tier_no)))
      throw new NotInMemory(performance_no)
    return sale
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await deps.db.transaction((tx) => work(tx, saleOf))
    } catch (error) {
      if (!(error instanceof NotInMemory) || attempt >= TRIES_MAX) throw error
      // A copy that still lacks the tiers is older than they are.
      loaded = await (attempt === 1
        ? deps.on_sale.loadByNo(error.performance_no)
        : deps.on_sale.reload(error.performance_no))
    }
  }
}
