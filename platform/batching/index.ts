export { Batcher, type BatcherOptions, SaturatedError } from './batcher.ts'
export { type Lookup, openLookup } from './lookup.ts'
export { resultsInOrder } from './results-in-order.ts'
