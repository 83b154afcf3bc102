import { loadSql } from '#platform/db'
import type { Invariant } from '#platform/invariants'

const sql = loadSql(import.meta.url, [
  'admission_keys',
  'state_keys',
  'count_keys',
  'one_admission_a_ticket',
  'state_follows_log',
  'no_admission_after_revocation',
  'admissions_where_they_belong',
  'nothing_from_the_future',
  'counts_equal_tickets',
])

export const invariants: readonly Invariant[] = [
  {
    id: 'I22',
    title: 'A ticket admits once, unless the admission was undone',
    statement: sql.one_admission_a_ticket,
    keys: sql.admission_keys,
  },
  {
    id: 'I22-state',
    title: 'A ticket is used exactly as its log says',
    statement: sql.state_follows_log,
    keys: sql.state_keys,
  },
  {
    id: 'I23',
    title: 'No ticket was admitted after it was revoked',
    statement: sql.no_admission_after_revocation,
    keys: sql.admission_keys,
  },
  {
    id: 'I29-checkin',
    title: 'Every admission is of a known ticket of that performance',
    statement: sql.admissions_where_they_belong,
    keys: sql.admission_keys,
  },
  {
    id: 'I32-checkin',
    title: 'No admission is dated in the future',
    statement: sql.nothing_from_the_future,
    keys: sql.admission_keys,
  },
  {
    id: 'I3-door',
    title: 'The counts at the door equal the tickets',
    statement: sql.counts_equal_tickets,
    keys: sql.count_keys,
  },
]
