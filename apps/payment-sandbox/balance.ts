import { type BalanceTransaction, type Charge, newId } from './objects.ts'
import type { Tx } from './transaction.ts'

/** Records a movement of the account's balance; `net` is what is left of it after the fee. */
export function balanceTransaction(
  tx: Tx,
  charge: Charge,
  entry: Pick<BalanceTransaction, 'type' | 'amount' | 'fee' | 'source'> & { category?: string },
): BalanceTransaction {
  const { category, ...given } = entry
  const transaction: BalanceTransaction = {
    ...given,
    id: newId('txn'),
    object: 'balance_transaction',
    created: tx.now,
    currency: charge.currency,
    description: charge.description,
    net: entry.amount - entry.fee,
    reporting_category: category ?? entry.type,
    status: 'pending',
  }
  tx.store.put('balance_transactions', transaction, charge.payment_intent)
  return transaction
}
