import { loadSql } from '#platform/db'
import type { Invariant } from '#platform/invariants'

const sql = loadSql(import.meta.url, [
  'booking_keys',
  'owner_keys',
  'performance_keys',
  'claim_keys',
  'quota_keys',
  'seat_sold_twice',
  'hold_without_claim',
  'hold_without_draws',
  'sold_without_claim',
  'claim_without_holder',
  'places_oversold',
  'quotas_equal_rows',
  'hold_not_announced',
  'total_equals_lines',
  'state_equals_log',
  'cancelled_without_cancellation',
  'person_over_limit',
  'future_timestamp',
  'sales_equal_bookings',
  'revenue_equals_money',
])

export const invariants: readonly Invariant[] = [
  {
    id: 'I1',
    title: 'A seat is in at most one confirmed booking',
    statement: sql.seat_sold_twice,
    keys: sql.performance_keys,
  },
  {
    id: 'I1-held',
    title: 'Each seat of a live hold is claimed by it',
    statement: sql.hold_without_claim,
    keys: sql.booking_keys,
  },
  {
    id: 'I3-held',
    title: 'A live hold has drawn on every quota of its tiers',
    statement: sql.hold_without_draws,
    keys: sql.booking_keys,
  },
  {
    id: 'I1-sold',
    title: 'Each seat of a confirmed booking is claimed by it permanently',
    statement: sql.sold_without_claim,
    keys: sql.booking_keys,
  },
  {
    id: 'I1-claims',
    title: 'Every claim belongs to a live booking or block',
    statement: sql.claim_without_holder,
    keys: sql.claim_keys,
  },
  {
    id: 'I2',
    title: 'Held, sold and blocked quantities never exceed the total of their tier',
    statement: sql.places_oversold,
    keys: sql.quota_keys,
  },
  {
    id: 'I3',
    title: 'Quotas equal the rows behind them',
    statement: sql.quotas_equal_rows,
    keys: sql.performance_keys,
  },
  { id: 'I6', title: 'Every ended hold is announced within 30 seconds', statement: sql.hold_not_announced },
  {
    id: 'I12',
    title: 'A booking total is the sum of its lines',
    statement: sql.total_equals_lines,
    keys: sql.booking_keys,
  },
  {
    id: 'I15',
    title: 'No person has more than the limit per person',
    statement: sql.person_over_limit,
    keys: sql.owner_keys,
  },
  {
    id: 'I18',
    title: 'A booking is in the last state of its log',
    statement: sql.state_equals_log,
    keys: sql.booking_keys,
  },
  {
    id: 'I31-recorded',
    title: 'Every cancelled booking has a cancellation, which says what is refunded',
    statement: sql.cancelled_without_cancellation,
    keys: sql.booking_keys,
  },
  { id: 'I32', title: 'No timestamp is in the future', statement: sql.future_timestamp, keys: sql.booking_keys },
  {
    id: 'I3-sales',
    title: 'Sales figures equal confirmed bookings',
    statement: sql.sales_equal_bookings,
    keys: sql.performance_keys,
  },
  {
    id: 'I10-sales',
    title: 'Revenue equals payments less refunds and disputes',
    statement: sql.revenue_equals_money,
    keys: sql.performance_keys,
  },
]
