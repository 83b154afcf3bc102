import type { Db } from '#platform/db'
import { checkInvariant, type Invariant } from '#platform/invariants'

export type IntegrityReport = { checked_at: string; invariants: { id: string; title: string; violations: number }[] }

/** Checks every invariant as the auditor in one snapshot, slice by slice: no statement grows with the tables. */
export async function checkInvariants(auditor: Db, invariants: readonly Invariant[]): Promise<IntegrityReport> {
  return auditor.transaction(
    async (tx) => {
      const checked: IntegrityReport['invariants'] = []
      for (const invariant of invariants) {
        const { id, title } = invariant
        checked.push({ id, title, violations: await checkInvariant(tx, invariant) })
      }
      return { checked_at: new Date().toISOString(), invariants: checked }
    },
    { isolation: 'repeatable read', read_only: true },
  )
}

/** The same check for all who ask while it runs: on the auditor's only connection each would wait for those before it. */
export function sharedCheck(auditor: Db, invariants: readonly Invariant[]): () => Promise<IntegrityReport> {
  let running: Promise<IntegrityReport> | undefined
  return () => {
    running ??= checkInvariants(auditor, invariants).finally(() => {
      running = undefined
    })
    return running
  }
}
