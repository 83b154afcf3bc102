import type { Translate } from '@tessera/contracts/messages/translator'
import { seatLabel } from '@tessera/contracts/seat-map/seat-label'
import type { SeatPosition } from './seat-positions.ts'

type Seat = { label: string; position: SeatPosition | null }

/**
 * What a label calls its row, where it uses the words that charts without words of their own have. Null otherwise, and
 * while the seat's position is unavailable.
 */
export function rowKind({ label, position }: Seat): 'row' | 'table' | null {
  if (position === null) return null
  const { section, row, number } = position
  const labelWith = (table: unknown): string =>
    seatLabel(section, { label: row, row_label: null, seat_label: null, table }, number)
  return label === labelWith(null) ? 'row' : label === labelWith({}) ? 'table' : null
}

/** A seat's label in the reader's language; the chart's own words stay as they are. */
export function seatWords(translate: Translate, seat: Seat): string {
  const kind = rowKind(seat)
  if (kind === null || seat.position === null) return seat.label
  const { section, row, number } = seat.position
  const row_words = kind === 'row' ? translate('seat.row', { row }) : translate('seat.table', { table: row })
  const parts = [section, row === '' ? '' : row_words, number === '' ? '' : translate('seat.seat', { seat: number })]
  return parts.filter((part) => part !== '').join(', ')
}
