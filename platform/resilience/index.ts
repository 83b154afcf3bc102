export { createPolicy, DeadlineError, type Policy, type PolicyOptions, RefusedUnsentError } from './policy.ts'
