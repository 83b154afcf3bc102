import { BY_KEY, type Queryable, type Statement } from '#platform/db'

/** A rule as a query that returns a row for each violation. `id` as in the reliability page (I1 …). */
export type Invariant = {
  id: string
  title: string
  /** With `keys`, it finds the violations of the keys from `:from` to `:to`, both included. */
  statement: Statement
  /**
   * Lists, as `key`, every key under which `statement` can find a violation, from each table that can have one alone, in
   * the order of an index of each. Absent where an index lists what may be violated, such as refunds that are under way.
   */
  keys?: Statement
  /** Rows of keys in a slice, where other than 10,000: fewer where a row stands for more work than to look up a few others. */
  slice_rows?: number
}

export type Key = string | number
export type Slice = { from: Key; to: Key }

/** Rows of keys in a slice: tens of milliseconds of work. All rows of one key are in one slice. */
const SLICE_ROWS = 10_000

/**
 * Settings for the pool that checks invariants: rows are found by key and planned without a look at the keys, so that a
 * slice costs the same in a table of any size, whatever its statistics say.
 */
export const AUDIT_SETTINGS: Readonly<Record<string, string>> = {
  ...BY_KEY,
  enable_bitmapscan: 'off',
  enable_material: 'off',
}

/** The next `rows` rows of keys after the key `after`, or from the first one; undefined when there are none. */
export async function nextSlice(
  db: Queryable,
  keys: Statement,
  after: Key | null,
  rows: number = SLICE_ROWS,
): Promise<Slice | undefined> {
  const text = `select min(key) as "from", max(key) as "to" from (
    select key from (${keys.text}) keys ${after === null ? '' : 'where key > $1'} order by key limit ${rows}) slice`
  const { from, to } = await plannedAnew<{ from: Key | null; to: Key | null }>(
    db,
    { ...keys, text },
    after === null ? [] : [after],
  )
  return from === null || to === null ? undefined : { from, to }
}

/** The slices that all keys of an invariant are cut into, of `rows` rows each; none without keys. */
export async function* slicesOf(
  db: Queryable,
  { keys, slice_rows }: Invariant,
  rows: number | undefined = slice_rows,
): AsyncGenerator<Slice> {
  if (keys === undefined) return
  let slice = await nextSlice(db, keys, null, rows)
  while (slice !== undefined) {
    yield slice
    slice = await nextSlice(db, keys, slice.to, rows)
  }
}

/** The number of violations in a slice, or of an invariant without keys. Counted by the server: they can be millions. */
export async function countViolations(
  db: Queryable,
  { id, statement, keys }: Invariant,
  slice?: Slice,
): Promise<number> {
  if (keys !== undefined && slice === undefined) throw new Error(`${id} is checked by slices`)
  const text = `select count(*)::int as violations from (${statement.text}) violation`
  const values = slice === undefined ? [] : [slice.from, slice.to]
  const { violations } = await plannedAnew<{ violations: number }>(db, { ...statement, text }, values)
  return violations
}

/** The number of violations of an invariant, slice by slice until the last. In a transaction of one snapshot, of that moment. */
export async function checkInvariant(db: Queryable, invariant: Invariant): Promise<number> {
  if (invariant.keys === undefined) return countViolations(db, invariant)
  let violations = 0
  for await (const slice of slicesOf(db, invariant)) violations += await countViolations(db, invariant, slice)
  return violations
}

/**
 * Runs a statement that gives one row. It is not prepared by name but planned each time, for a thousandth of the slice's
 * time: a plan made while a table was small could read a whole index of it later.
 */
async function plannedAnew<R extends object>(db: Queryable, statement: Statement, values: readonly Key[]): Promise<R> {
  const rows = await db.query<R>(statement.text, values).catch((error: unknown) => {
    if (error instanceof Error) error.message = `${statement.name}: ${error.message}`
    throw error
  })
  const [row] = rows
  if (row === undefined) throw new Error(`${statement.name} gave no row, one must come`)
  return row
}
