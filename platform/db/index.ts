export { openPool } from './connection.ts'
export {
  BY_KEY,
  type Db,
  type DbOptions,
  isConnectionLoss,
  openDb,
  type Params,
  type Queryable,
  type Row,
  type Tx,
  UnknownOutcomeError,
} from './db.ts'
export { migrate, type SchemaSource } from './migrate.ts'
export { isOutage } from './outage.ts'
export { retryRolledBack, wasRolledBack } from './retry.ts'
export { loadSql, parseSql, type Statement } from './sql.ts'
