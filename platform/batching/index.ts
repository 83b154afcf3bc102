export { Batcher, type BatcherOptions, SaturatedError } from './batcher.ts'
