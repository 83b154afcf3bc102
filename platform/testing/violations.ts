import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '#platform/db'
import { type Invariant, slicesOf } from '#platform/invariants'

/** The rows of each invariant that is violated, by its id: `{}` when all hold. */
export async function violationsOf(
  db: Queryable,
  invariants: readonly Invariant[],
  rows?: number,
): Promise<Record<string, object[]>> {
  const found: Record<string, object[]> = {}
  for (const invariant of invariants) {
    const violations = await rowsOf(db, invariant, rows)
    if (violations.length > 0) found[invariant.id] = violations
  }
  return found
}

/** Each key alone is its own slice, with both borders; in twos and threes a violation is first, middle or last. */
const SLICED: readonly number[] = [1, 2, 3]

/** The same, without slices; throws unless every invariant finds the same rows in slices of few keys. */
export async function violationsEitherWay(
  db: Queryable,
  invariants: readonly Invariant[],
): Promise<Record<string, object[]>> {
  const whole = await violationsOf(db, invariants.map(unsliced))
  for (const rows of SLICED) {
    const sliced = await violationsOf(db, invariants, rows)
    if (!isDeepStrictEqual(sorted(sliced), sorted(whole)))
      throw new Error(`In slices of ${rows}: ${JSON.stringify(sliced)}; whole: ${JSON.stringify(whole)}`)
  }
  return whole
}

async function rowsOf(db: Queryable, invariant: Invariant, rows?: number): Promise<object[]> {
  if (invariant.keys === undefined) return db.many(invariant.statement)
  const found: object[][] = []
  for await (const slice of slicesOf(db, invariant, rows)) found.push(await db.many(invariant.statement, slice))
  return found.flat()
}

/** The statement without its range: it depends on no keys. */
function unsliced({ keys, ...invariant }: Invariant): Invariant {
  if (keys === undefined) return invariant
  const { name, text } = invariant.statement
  const whole = text.replaceAll(/[\w.]+ between \$1 and \$2/g, 'true')
  if (whole.includes('$')) throw new Error(`${invariant.id} takes keys otherwise than by "between :from and :to"`)
  return { ...invariant, statement: { name: `w ${name}`, text: whole, params: [] } }
}

const sorted = (found: Record<string, object[]>): unknown =>
  Object.entries(found).map(([id, rows]) => [id, rows.map((row) => JSON.stringify(row)).sort()])
