/** Where the keys lead in the list's grid of rows of different lengths. */

export type GridPlace = { row: number; column: number }

/** Null for a key that means nothing here. The grid must not be empty. */
export function gridMove(
  lengths: readonly number[],
  { row, column }: GridPlace,
  key: string,
  isWhole = false,
): GridPlace | null {
  const lastRow = lengths.length - 1
  const inRow = (to: number, wanted: number) => {
    const r = Math.min(Math.max(to, 0), lastRow)
    return { row: r, column: Math.min(wanted, Math.max((lengths[r] ?? 1) - 1, 0)) }
  }
  const end = (lengths[row] ?? 1) - 1
  if (key === 'ArrowRight')
    return column < end ? { row, column: column + 1 } : row < lastRow ? inRow(row + 1, 0) : { row, column }
  if (key === 'ArrowLeft') {
    if (column > 0) return { row, column: column - 1 }
    return row > 0 ? inRow(row - 1, Number.POSITIVE_INFINITY) : { row, column }
  }
  if (key === 'ArrowDown') return inRow(row + 1, column)
  if (key === 'ArrowUp') return inRow(row - 1, column)
  if (key === 'PageDown') return inRow(row + 5, column)
  if (key === 'PageUp') return inRow(row - 5, column)
  if (key === 'Home') return isWhole ? inRow(0, 0) : { row, column: 0 }
  if (key === 'End') return isWhole ? inRow(lastRow, Number.POSITIVE_INFINITY) : { row, column: end }
  return null
}
