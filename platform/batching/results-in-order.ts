/**
 * The results of a batch in the order of its items: a row's `request` is the position of its item, counted from 1. Throws
 * when an item has no row, so that no caller receives the result of another.
 */
export function resultsInOrder<Item, Row extends { request: number | null }, Result>(
  items: readonly Item[],
  rows: readonly Row[],
  resultOf: (row: Row, item: Item) => Result,
): Result[] {
  const byRequest = new Map(rows.map((row) => [row.request, row]))
  return items.map((item, index) => {
    const row = byRequest.get(index + 1)
    if (row === undefined) throw new Error(`A batch of ${items.length} has no result for item ${index + 1}`)
    return resultOf(row, item)
  })
}
