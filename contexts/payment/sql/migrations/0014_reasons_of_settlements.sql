-- Why booking found the seats of a payment gone. Payments settled before have no reason.
alter table payments
  add column settlement_reason text
    check (settlement_reason in ('taken', 'released', 'cancelled', 'event_cancelled', 'event_over', 'person_limit')),
  add check (settlement_reason is null or settlement = 'seats-gone');
