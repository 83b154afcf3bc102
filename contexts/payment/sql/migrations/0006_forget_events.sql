-- For deleting the oldest: a few bytes for many pages, next to nothing for each event that is written.
create index webhook_events_age on webhook_events using brin (received_at);
