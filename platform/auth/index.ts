export { type Access, type AccessOptions, createAccess, type MembershipRow } from './access.ts'
export type { Principal } from './principal.ts'
export { createVerifier, type Verifier } from './verify.ts'
export { createSecrets, type Secrets } from './secrets.ts'
