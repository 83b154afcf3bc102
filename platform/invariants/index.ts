export {
  AUDIT_SETTINGS,
  checkInvariant,
  countViolations,
  type Invariant,
  type Key,
  nextSlice,
  type Slice,
  slicesOf,
} from './invariants.ts'
