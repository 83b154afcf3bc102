-- Payments of any provider. What an event is about is the adapter's finding; its body is not kept, because nothing is
-- read from it: the object is fetched from the provider, which keeps its events, too.
alter table payments drop constraint payments_provider_check;
alter table payments add check (provider ~ '^[a-z][a-z0-9_]{0,31}$');

alter table webhook_events drop column payload;
alter table webhook_events add column about text;
update webhook_events
set about = case
  when dispute_ref is not null then 'dispute'
  when refund_ref is not null then 'refund'
  when type = 'charge.refunded' then 'refunds'
  else 'intent' end;
alter table webhook_events alter column about set not null;
alter table webhook_events add check (about in ('intent', 'refund', 'refunds', 'dispute'));
