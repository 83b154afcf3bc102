/** A line of the table. `ratio` is ours to the reference, measured in the same run. */
export type Row = {
  id: string
  what: string
  ours: string
  reference: string
  ratio: number | null
  target: string
  met: boolean
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2
}

export function table(rows: readonly Row[]): string {
  const lines = rows.map(
    (row) =>
      `| ${row.id} | ${row.what} | ${row.ours} | ${row.reference} | ${row.ratio === null ? '' : row.ratio.toFixed(2)} | ${row.target} | ${row.met ? 'yes' : 'no'} |`,
  )
  return [
    '| id | what | measured | reference | ratio | target | met |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n')
}
