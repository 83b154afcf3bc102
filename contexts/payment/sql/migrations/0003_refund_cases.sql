-- Why the last attempt was declined.
alter table payments add column failure_code text;

-- 'superseded': the dispute was lost, so the buyer's bank gave the money back and nothing is left for us to pay.
alter table refunds drop constraint refunds_status_check;
alter table refunds add constraint refunds_status_check
  check (status in ('pending', 'succeeded', 'failed', 'superseded'));
-- The provider's ids of earlier tries, which the buyer's bank returned: news about them is old.
alter table refunds add column earlier_refs text[] not null default '{}';
create index refunds_earlier_refs on refunds using gin (earlier_refs) where earlier_refs <> '{}';

-- A refund that the buyer's bank returned after the provider had accepted it: somebody of the organization must see to it.
create table refund_cases (
  refund_id text not null references refunds,
  -- The refund's round when it was returned: a retry may be returned again.
  round int not null,
  error text not null,
  opened_at timestamptz not null default now(),
  closed_at timestamptz,
  resolution text check (resolution in ('retried', 'paid-otherwise')),
  closed_by text,
  note text,
  primary key (refund_id, round),
  check ((closed_at is null) = (resolution is null)),
  check ((closed_at is null) = (closed_by is null))
);
create index refund_cases_open on refund_cases (opened_at) where closed_at is null;

alter table ledger_journals drop constraint ledger_journals_kind_check;
alter table ledger_journals add constraint ledger_journals_kind_check check (kind in (
  'capture', 'provider-fee', 'refund', 'late-refund', 'refund-returned', 'late-refund-returned', 'dispute', 'dispute-won'));
