import type { TrialBalanceResponse } from '@tessera/contracts/http/payment'
import { money } from '@tessera/contracts/money'
import { type Db, loadSql } from '#platform/db'

type Deps = { db: Db; now: () => Date }
/** Sums of bigints are numerics, which arrive as text. */
type Row = { currency: string; account: string; debit: string | null; credit: string | null }

const sql = loadSql(import.meta.url, ['balances'])

/** Debits, credits and balance of every account, by currency; each currency's balances sum to zero. */
export async function trialBalance(deps: Deps): Promise<TrialBalanceResponse> {
  const rows = await deps.db.many<Row>(sql.balances)
  const currencies = Map.groupBy(rows, (row) => row.currency)
  return {
    checked_at: deps.now().toISOString(),
    currencies: [...currencies].map(([currency, accounts]) => {
      const lines = accounts.map((row) => ({
        account: row.account,
        debit: Number(row.debit ?? 0),
        credit: Number(row.credit ?? 0),
      }))
      return {
        currency,
        accounts: lines.map(({ account, debit, credit }) => ({
          account,
          debit: money(debit, currency),
          credit: money(credit, currency),
          balance: money(debit - credit, currency),
        })),
        sum: money(
          lines.reduce((total, line) => total + line.debit - line.credit, 0),
          currency,
        ),
      }
    }),
  }
}
