import type { Invariant } from '#platform/context'
import type { Db, Statement } from '#platform/db'

export type IntegrityReport = { checked_at: string; invariants: { id: string; title: string; violations: number }[] }

/** Runs every invariant as the auditor in one snapshot; each row is a violation. */
export async function checkInvariants(auditor: Db, invariants: readonly Invariant[]): Promise<IntegrityReport> {
  return auditor.transaction(
    async (tx) => {
      const checked: IntegrityReport['invariants'] = []
      for (const { id, title, statement } of invariants) {
        const { violations } = await tx.one<{ violations: number }>(counted(statement))
        checked.push({ id, title, violations })
      }
      return { checked_at: new Date().toISOString(), invariants: checked }
    },
    { isolation: 'repeatable read', read_only: true },
  )
}

const STATEMENT_NAME_MAX = 63

/** Counted by the server: what breaks an invariant everywhere can be millions of rows. */
function counted({ name, text, params }: Statement): Statement {
  const own = `count ${name}`.slice(-STATEMENT_NAME_MAX)
  return { name: own, text: `select count(*)::int as violations from (${text}) as violation`, params }
}
