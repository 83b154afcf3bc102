-- @name page_by_date
-- Reads the calendar from its index until the page is full: an event is listed at its first matching
-- performance. One that lasts for days matches on each of them.
select p.event_id, p.id as performance_id, p.start_time, 0 as n, '' as t
from performances p
join events e on e.id = p.event_id
join venues v on v.id = e.venue_id
where p.status = 'published' and e.status = 'published'
  and (:past::bool or p.end_time > now())
  and (:from_time::timestamptz is null or p.end_time > :from_time)
  and (:to_time::timestamptz is null or p.start_time <= :to_time)
  and (:from_day::date is null or last_day(p.start_time, p.end_time, p.local_date, v.time_zone) >= :from_day)
  and (:to_day::date is null or p.local_date <= :to_day)
  and (:genre_key::text is null or e.genre_key = :genre_key)
  and (:city_key::text is null or v.city_key = :city_key)
  and (:organization_id::text is null or e.organization_id = :organization_id)
  and (:after_time::timestamptz is null or (p.start_time, p.id) > (:after_time, :after_id))
  and not exists (
    select from performances earlier
    where earlier.event_id = p.event_id and earlier.status = 'published'
      and (earlier.start_time, earlier.id) < (p.start_time, p.id)
      and (:past::bool or earlier.end_time > now())
      and (:from_time::timestamptz is null or earlier.end_time > :from_time)
      and (:from_day::date is null
        or last_day(earlier.start_time, earlier.end_time, earlier.local_date, v.time_zone) >= :from_day)
  )
order by p.start_time, p.id
limit :limit

-- @name page_by_key
-- The other orders read every matching event; `n`, then `t`, then the id.
with matching as (
  select distinct on (p.event_id) p.event_id, p.id as performance_id, p.start_time, e.published_at, e.title
  from performances p
  join events e on e.id = p.event_id
  join venues v on v.id = e.venue_id
  where p.status = 'published' and e.status = 'published'
    and (:past::bool or p.end_time > now())
    and (:from_time::timestamptz is null or p.end_time > :from_time)
    and (:to_time::timestamptz is null or p.start_time <= :to_time)
    and (:from_day::date is null or last_day(p.start_time, p.end_time, p.local_date, v.time_zone) >= :from_day)
    and (:to_day::date is null or p.local_date <= :to_day)
    and (:genre_key::text is null or e.genre_key = :genre_key)
    and (:city_key::text is null or v.city_key = :city_key)
    and (:organization_id::text is null or e.organization_id = :organization_id)
  order by p.event_id, p.start_time, p.id
), keyed as (
  select event_id, performance_id, start_time,
    case :sort
      when '-date' then -(extract(epoch from start_time) * 1000000)::bigint
      when 'newest' then -(extract(epoch from published_at) * 1000000)::bigint
      when 'price' then (
        select coalesce(min(t.amount), 9000000000000000)
        from tiers t
        join performances q on q.id = t.performance_id
        where t.event_id = matching.event_id and t.published_at is not null
          and coalesce(t.sale_end, q.start_time) > now()
      )
      else 0
    end as n,
    -- Truncated, because it is part of the cursor; the id breaks ties.
    case :sort when 'title' then left(lower(title), 60) else '' end as t
  from matching
)
select event_id, performance_id, start_time, n, t
from keyed
where :after_id::text is null or (n, t collate "C", event_id) > (:after_n::bigint, :after_t::text, :after_id)
order by n, t collate "C", event_id
limit :limit

-- @name page_of_organization
-- An organizer's own events, drafts included, newest first; each with its next performance, or with its last.
select e.id as event_id, p.id as performance_id, p.start_time, 0 as n, '' as t
from events e
join venues v on v.id = e.venue_id
left join lateral (
  select id, start_time, local_date from performances
  where event_id = e.id
    and (:from_time::timestamptz is null or end_time > :from_time)
    and (:to_time::timestamptz is null or start_time <= :to_time)
    and (:from_day::date is null or last_day(start_time, end_time, local_date, v.time_zone) >= :from_day)
    and (:to_day::date is null or local_date <= :to_day)
  order by end_time <= now(), case when end_time > now() then start_time end, start_time desc, id
  limit 1
) p on true
where e.organization_id = :organization_id
  and (:genre_key::text is null or e.genre_key = :genre_key)
  and (:city_key::text is null or v.city_key = :city_key)
  and (p.id is not null or (:from_time::timestamptz is null and :to_time::timestamptz is null
    and :from_day::date is null and :to_day::date is null))
  and (:after_id::text is null or e.id < :after_id)
order by e.id desc
limit :limit

-- @name cards
select e.id, e.title, e.genre, e.currency, e.organization_id, e.organizer_name,
  case
    when e.status = 'published' and not exists (
      select from performances q where q.event_id = e.id and q.status = 'published' and q.end_time > now()
    ) then 'completed'
    else e.status
  end as status,
  v.id as venue_id, v.name as venue_name, v.city, v.country, v.time_zone, v.latitude, v.longitude,
  p.id as performance_id, p.start_time, p.end_time, p.doors_time, p.status as performance_status,
  (select count(*)::int from performances q where q.event_id = e.id and (:drafts::bool or q.status = 'published'))
    as performance_count,
  offer.from_amount, offer.sale_start, offer.sale_end
from unnest(:event_ids::text[], :performance_ids::text[]) with ordinality as page (event_id, performance_id, place)
join events e on e.id = page.event_id
join venues v on v.id = e.venue_id
left join performances p on p.id = page.performance_id
cross join lateral (
  -- Tiers on sale now by their sale window, otherwise future ones.
  select coalesce(min(t.amount) filter (where t.sale_start <= now() and coalesce(t.sale_end, q.start_time) > now()),
      min(t.amount) filter (where t.sale_start > now())) as from_amount, min(t.sale_start) as sale_start,
    max(coalesce(t.sale_end, q.start_time)) as sale_end
  from tiers t
  join performances q on q.id = t.performance_id
  where t.event_id = e.id and q.end_time > now() and q.status <> 'cancelled'
    and (:drafts::bool or t.published_at is not null)
) offer
order by page.place
