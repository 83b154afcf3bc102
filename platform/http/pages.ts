import { type TSchema, Type } from 'typebox'

const LIMIT_DEFAULT = 20
const LIMIT_MAX = 100

/** The query of every list. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX })),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
}

/** How many items a page has: as many as its query asks for, 100 at most. */
export function limitOf({ limit }: { limit?: number | string | undefined }): number {
  return Math.min(Number(limit ?? LIMIT_DEFAULT), LIMIT_MAX)
}

/** The body schema of every list. */
export function page<Item extends TSchema>(item: Item) {
  return Type.Object({ items: Type.Array(item), next_cursor: Type.Union([Type.String(), Type.Null()]) })
}

/** Opaque to clients: the sort keys of the last row. */
export function encodeCursor(keys: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url')
}

/** The keys, or undefined for a cursor that we never issued. */
export function decodeCursor(cursor: string, length: number): (string | number)[] | undefined {
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const sound =
      Array.isArray(keys) && keys.length === length && keys.every((k) => typeof k === 'string' || typeof k === 'number')
    return sound ? (keys as (string | number)[]) : undefined
  } catch {
    return undefined
  }
}

/** Cuts `limit + 1` rows into a page; the extra row shows that there is more. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  keysOf: (row: Row) => (string | number)[],
): { items: Row[]; next_cursor: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next_cursor: rows.length > limit && last !== undefined ? encodeCursor(keysOf(last)) : null }
}
