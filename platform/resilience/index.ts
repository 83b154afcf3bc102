export { createPolicy, DeadlineError, RefusedUnsentError } from './policy.ts'
