-- @name move
update payments
set status = :to,
  provider_ref = coalesce(provider_ref, :provider_ref),
  client_secret = coalesce(client_secret, :client_secret),
  failure_code = :failure_code,
  next_check_at = case when :to = 'cancelled' then null else now() + interval '20 seconds' end,
  checks = 0
where id = :id and is_unpaid(status) and status <> :to
  -- Not what was seen before a page has replaced the intent, or was closed in its favour.
  and checkout_ref is not distinct from :checkout_ref
  and closed_checkout_ref is not distinct from :closed_checkout_ref
returning id

-- Payments that are paid now, with their movements and the fact itself. Only one of those who learn of a success gets its
-- row, also within this batch.
-- @name capture
with seen as (
  select distinct on (id) * from unnest(:ids::text[], :provider_refs::text[], :client_secrets::text[],
    :received::bigint[], :fees::bigint[], :payloads::json[], :traceparents::text[]) with ordinality
    as seen (id, provider_ref, client_secret, received, fee, payload, traceparent, i)
  order by id, i
), paid as (
  update payments
  set status = 'succeeded', captured = seen.received, fee = seen.fee, settlement = 'pending', succeeded_at = now(),
    provider_ref = coalesce(payments.provider_ref, seen.provider_ref),
    client_secret = coalesce(payments.client_secret, seen.client_secret),
    -- Who captured it settles it at once; the reconciler takes over from one that died.
    next_check_at = now() + interval '10 seconds',
    checks = 0
  from seen
  where payments.id = seen.id and is_unpaid(payments.status)
  returning payments.id, payments.organization_id, payments.provider, payments.currency,
    seen.received, seen.fee, seen.payload, seen.traceparent, seen.i
), journals as (
  insert into ledger_journals (kind, source_id, payment_id, organization_id, provider, currency)
  select movement.kind, paid.id, paid.id, paid.organization_id, paid.provider, paid.currency
  from paid cross join lateral (values ('capture', paid.received), ('provider-fee', coalesce(paid.fee, 0))) as movement (kind, amount)
  where movement.amount > 0
  returning id, kind, payment_id
), lines as (
  insert into ledger_entries (journal_id, account, amount)
  select journals.id, line.account, line.sign * case journals.kind when 'capture' then paid.received else paid.fee end
  from journals
  join paid on paid.id = journals.payment_id
  join (values ('capture', 'provider_cash', 1), ('capture', 'organizer_payable', -1),
    ('provider-fee', 'provider_fees', 1), ('provider-fee', 'provider_cash', -1)) as line (kind, account, sign)
    on line.kind = journals.kind
), facts as (
  insert into outbox (topic, key, payload, traceparent)
  select 'payment.succeeded', paid.id, paid.payload, paid.traceparent from paid
)
select id, i from paid

-- @name record_fee
update payments
set fee = :fee, next_check_at = case when settlement = 'pending' then next_check_at end
where id = :id and fee is null and captured > 0
returning id

-- @name record_trouble
update payments set trouble = :why, next_check_at = null where id = :id and trouble is distinct from :why
