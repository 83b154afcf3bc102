export { freePort } from './port.ts'
export { EmbeddedPostgresError, type EmbeddedPostgresProblem } from './problem.ts'
export {
  borrowEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  type Log,
  startEmbeddedPostgres,
} from './start.ts'
