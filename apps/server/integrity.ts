import type { Db } from '#platform/db'
import { checkInvariant, type Invariant } from '#platform/invariants'

export type IntegrityReport = { checked_at: string; invariants: { id: string; title: string; violations: number }[] }

/** Checks every invariant as the auditor in one snapshot, slice by slice: no statement grows with the tables. */
export async function checkInvariants(auditor: Db, invariants: readonly Invariant[]): Promise<IntegrityReport> {
  return auditor.transaction(
    async (tx) => {
      const checked_at = new Date().toISOString()
      const checked: IntegrityReport['invariants'] = []
      for (const invariant of invariants) {
        const { id, title } = invariant
        checked.push({ id, title, violations: await checkInvariant(tx, invariant) })
      }
      return { checked_at, invariants: checked }
    },
    { isolation: 'repeatable read', read_only: true },
  )
}

/**
 * The check for all who ask, on one connection, so that the continuous checks keep theirs. Who asks while one runs shares
 * the next, which sees what was committed before the question.
 */
export function sharedCheck(auditor: Db, invariants: readonly Invariant[]): () => Promise<IntegrityReport> {
  let running: Promise<unknown> | undefined
  let next: Promise<IntegrityReport> | undefined
  const begin = (): Promise<IntegrityReport> => {
    const pass = checkInvariants(auditor, invariants)
    const ended = pass.then(
      () => undefined,
      () => undefined,
    )
    running = ended
    void ended.then(() => {
      if (running === ended) running = undefined
    })
    return pass
  }
  return () => {
    if (running === undefined) return begin()
    next ??= running.then(() => {
      next = undefined
      return begin()
    })
    return next
  }
}
