-- @name know_consumer
insert into inbox_generations (consumer) values (:consumer) on conflict (consumer) do nothing

-- @name generation
select generation from inbox_generations where consumer = :consumer

-- @name enter
-- The generation's row is locked, so that a replay waits for this transaction or is detected by it.
with current as materialized (
  select generation from inbox_generations where consumer = :consumer and generation = :generation for share
), entered as (
  insert into inbox (consumer, event_id)
  select :consumer, e.event_id from current cross join unnest(:event_ids::uuid[]) as e (event_id)
  on conflict (consumer, event_id) do nothing
  returning event_id
)
select exists (select from current) as is_current, array(select event_id::text from entered) as event_ids
