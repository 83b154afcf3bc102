-- Why a payment found its seats gone, decided and kept with the verdict. Refusals recorded before have no reason: the
-- constraint is for those to come.
alter table refused_settlements
  add column reason text
    check (reason in ('taken', 'released', 'cancelled', 'event_cancelled', 'event_over', 'person_limit')),
  add constraint seats_gone_for_a_reason check ((verdict = 'seats-gone') = (reason is not null)) not valid;

-- They return the reason now.
drop function if exists settle_verdicts(timestamptz, text[], text[], bigint[], text[]);
drop function if exists settle_batch(text[], text[], bigint[], text[], text[], text[], text[]);
drop function if exists settle_late(text, text, bigint, text, text, text, text);
