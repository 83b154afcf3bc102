import type { Invariant } from '#platform/context'
import type { Db } from '#platform/db'

export type IntegrityReport = { checked_at: string; invariants: { id: string; title: string; violations: number }[] }

/** Runs every invariant as the auditor in one snapshot; each row is a violation. */
export async function checkInvariants(auditor: Db, invariants: readonly Invariant[]): Promise<IntegrityReport> {
  return auditor.transaction(
    async (tx) => {
      const checked: IntegrityReport['invariants'] = []
      for (const { id, title, statement } of invariants) {
        const rows = await tx.many(statement)
        checked.push({ id, title, violations: rows.length })
      }
      return { checked_at: new Date().toISOString(), invariants: checked }
    },
    { isolation: 'repeatable read', read_only: true },
  )
}
