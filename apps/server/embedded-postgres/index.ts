export { systemAccount } from './account.ts'
export { ownerUrl } from './owner.ts'
export { freePort, portIsFree } from './port.ts'
export { EmbeddedPostgresError, type EmbeddedPostgresProblem } from './problem.ts'
export { type Account, run } from './run.ts'
export {
  borrowEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  embeddedPostgresOwner,
  startEmbeddedPostgres,
} from './start.ts'
export type { Log } from './watch.ts'
