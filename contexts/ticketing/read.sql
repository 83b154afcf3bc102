-- @name ticket
select * from ticket_details where ticket_id = :ticket_id

-- @name tickets_of_booking
select * from ticket_details where booking_id = :booking_id order by position

-- @name tickets_of_user
-- Upcoming ones first, the soonest leading; then past ones, the latest leading.
with mine as (
  select *,
    case when end_time >= now() then 0 else 1 end as bucket,
    extract(epoch from start_time)::float8 * case when end_time >= now() then 1 else -1 end as sort_key
  from ticket_details where user_id = :user_id
)
select * from mine
where :after_ticket_id::text is null
  or (bucket, sort_key, ticket_id) > (:after_bucket::int, :after_sort_key::float8, :after_ticket_id::text)
order by bucket, sort_key, ticket_id
limit :row_count

-- @name summaries
select booking_id, ticket_id as id, seat_id, tier_id, status
from tickets where booking_id = any(:booking_ids::text[]) order by booking_id, position

-- @name door_ticket
select ticket_id, code_id, booking_id, performance_id, event_id, organization_id, seat_id, seat_label, tier_id, tier_name,
  status, holder_first_name, holder_last_name
from tickets where code_id = :code_id
