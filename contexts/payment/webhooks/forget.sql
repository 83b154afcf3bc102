-- Events that have had their effect, or that nobody ever knew what to do with, some of the oldest. One row each.
-- @name forget_events
delete from webhook_events
using (
  select provider, event_id from webhook_events
  where received_at < coalesce(:as_of::timestamptz, now()) - :kept_for::interval
    and (state = 'done' or next_at = 'infinity')
  limit :batch_size
  for update skip locked
) old
where webhook_events.provider = old.provider and webhook_events.event_id = old.event_id
returning webhook_events.event_id
