export { freePort, portIsFree } from './port.ts'
export { EmbeddedPostgresError, type EmbeddedPostgresProblem } from './problem.ts'
export {
  borrowEmbeddedPostgres,
  embeddedPostgresOwner,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  type Log,
  startEmbeddedPostgres,
} from './start.ts'
