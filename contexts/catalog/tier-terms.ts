import type { TierInput } from '@tessera/contracts/http/catalog'
import type { FieldError } from '@tessera/contracts/problems'
import { type InvalidInput, invalidInput } from './invalid-input.ts'
import { readMoment } from './moment.ts'
import { checkText } from './plain-text.ts'

/** A tier's columns, checked. */
type TierTerms = {
  name: string
  amount: number
  currency: string
  categories: string[] | null
  quantity: number | null
  sale_start: string
  /** Null: until the performance starts, whenever that is. */
  sale_end: string | null
  min_per_order: number
  max_per_order: number
  max_per_person: number | null
}

/** The performance that the tier belongs to. */
type TierFrame = { currency: string; categories: readonly string[] | null; start_time: string; now: string }

const MAX_PER_ORDER_WHEN_UNSAID = 10
const PER_ORDER_MAX = 1_000
const QUANTITY_MAX = 1_000_000
/** Minor units. A thousand of these still sum exactly. */
const AMOUNT_MAX = 1_000_000_000_000

/** Validates a tier against its performance. By default the sale runs from now until the performance starts. */
export function readTier(input: TierInput, frame: TierFrame): { kind: 'read'; terms: TierTerms } | InvalidInput {
  const errors: FieldError[] = []
  checkText(errors, '/name', input.name, { filled: true })
  checkPrice(errors, input, frame)
  checkPlaces(errors, input, frame)
  const sale_start = readMoment(errors, '/sale_start', input.sale_start ?? frame.now)
  const sale_end = input.sale_end == null ? null : readMoment(errors, '/sale_end', input.sale_end)
  const limits = readLimits(errors, input)
  if (sale_start !== undefined && sale_end !== undefined) checkWindow(errors, sale_start, sale_end, frame)
  if (sale_start === undefined || sale_end === undefined || errors.length > 0) return invalidInput(errors)
  const { name, price, categories = null, quantity = null } = input
  const { amount, currency } = price
  return { kind: 'read', terms: { name, amount, currency, categories, quantity, sale_start, sale_end, ...limits } }
}

function checkWindow(
  errors: FieldError[],
  sale_start: string,
  sale_end: string | null,
  { start_time }: TierFrame,
): void {
  if (sale_end !== null && sale_end <= sale_start)
    errors.push({ pointer: '/sale_end', detail: 'must lie after the start of the sale' })
  if (sale_end === null && start_time <= sale_start)
    errors.push({ pointer: '/sale_start', detail: 'must lie before the performance starts, when its sale ends' })
}

function checkPrice(errors: FieldError[], { price }: TierInput, frame: TierFrame): void {
  if (price.amount < 0 || price.amount > AMOUNT_MAX) {
    errors.push({ pointer: '/price/amount', detail: `must lie between 0 and ${AMOUNT_MAX} minor units` })
  }
  if (price.currency !== frame.currency) {
    errors.push({ pointer: '/price/currency', detail: `must be the event's currency, ${frame.currency}` })
  }
}

function checkPlaces(errors: FieldError[], { categories, quantity }: TierInput, frame: TierFrame): void {
  if ((categories === undefined) === (quantity === undefined)) {
    errors.push({ pointer: '', detail: 'needs either categories (seats) or quantity (general admission)' })
  } else if (quantity !== undefined && (quantity < 1 || quantity > QUANTITY_MAX)) {
    errors.push({ pointer: '/quantity', detail: `must lie between 1 and ${QUANTITY_MAX}` })
  } else if (categories !== undefined && frame.categories === null) {
    errors.push({ pointer: '/categories', detail: 'needs a chart: this performance has general admission only' })
  } else {
    categories?.forEach((name, n) => {
      if (frame.categories?.includes(name) !== true) {
        errors.push({ pointer: `/categories/${n}`, detail: 'is not a category of the performance’s chart' })
      }
    })
  }
}

function readLimits(
  errors: FieldError[],
  input: TierInput,
): Pick<TierTerms, 'min_per_order' | 'max_per_order' | 'max_per_person'> {
  const min_per_order = input.min_per_order ?? 1
  const max_per_order = input.max_per_order ?? Math.max(MAX_PER_ORDER_WHEN_UNSAID, min_per_order)
  const max_per_person = input.max_per_person ?? null
  if (min_per_order < 1 || min_per_order > PER_ORDER_MAX) {
    errors.push({ pointer: '/min_per_order', detail: `must lie between 1 and ${PER_ORDER_MAX}` })
  }
  if (max_per_order < min_per_order || max_per_order > PER_ORDER_MAX) {
    errors.push({ pointer: '/max_per_order', detail: `must lie between the minimum and ${PER_ORDER_MAX}` })
  }
  if (max_per_person !== null && (max_per_person < min_per_order || max_per_person > QUANTITY_MAX)) {
    errors.push({ pointer: '/max_per_person', detail: 'must not be less than the minimum of one order' })
  }
  return { min_per_order, max_per_order, max_per_person }
}
