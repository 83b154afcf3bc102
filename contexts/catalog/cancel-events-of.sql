-- @name on_sale
select e.id as event_id
from events e
where e.organization_id = :organization_id and e.status = 'published' and exists (
  select from performances p where p.event_id = e.id and p.status = 'published' and p.end_time > now()
)
order by e.id
