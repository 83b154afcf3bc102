type RowWords = { label: string; row_label: string | null; seat_label: string | null; table: unknown }

function inWords(template: string | null, word: string, label: string): string {
  if (template !== null && template !== '') return template.replaceAll('%s', () => label).trim()
  return label === '' ? '' : `${word} ${label}`
}

/** "row F", "table 4", or the chart's own words ("Reihe F"). Empty when the row has no label. */
export function rowLabel(row: RowWords): string {
  return inWords(row.row_label, row.table === null ? 'row' : 'table', row.label)
}

/** What a person is told: "Stalls, row F, seat 12". Parts that the chart leaves empty are left out. */
export function seatLabel(section: string, row: RowWords, number: string): string {
  return [section, rowLabel(row), inWords(row.seat_label, 'seat', number)].filter((part) => part !== '').join(', ')
}
