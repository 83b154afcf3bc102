-- @name performance
select id as performance_id, event_id, organization_id, chart_id, status from performances where id = :performance_id

-- @name event
select e.id as event_id, e.organization_id, e.title, e.currency,
  case
    when e.status = 'published' and not exists (
      select from performances p where p.event_id = e.id and p.status = 'published' and p.end_time > now()
    ) then 'completed'
    else e.status
  end as status,
  array(select p.id from performances p where p.event_id = e.id order by p.start_time, p.id) as performance_ids
from events e
where e.id = :event_id

-- @name tiers
select id as tier_id, quantity from tiers where performance_id = :performance_id order by position
