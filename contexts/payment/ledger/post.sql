-- Movements of one payment. Booking one again does nothing.
-- @name post
with journal as (
  insert into ledger_journals (kind, source_id, payment_id, organization_id, provider, currency)
  select movement.kind, movement.source_id, :payment_id, :organization_id, :provider, :currency
  from unnest(:kinds::text[], :source_ids::text[]) as movement (kind, source_id)
  on conflict (kind, source_id) do nothing
  returning id, kind, source_id
)
insert into ledger_entries (journal_id, account, amount)
select journal.id, line.account, line.amount
from journal
join unnest(:line_kinds::text[], :line_source_ids::text[], :accounts::text[], :amounts::bigint[])
  as line (kind, source_id, account, amount) on line.kind = journal.kind and line.source_id = journal.source_id
