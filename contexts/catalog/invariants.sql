-- @name tenant_purity
select 'charts' as child, c.id from catalog.charts c join catalog.venues v on v.id = c.venue_id
where c.organization_id <> v.organization_id
union all
select 'events', e.id from catalog.events e join catalog.venues v on v.id = e.venue_id
where e.organization_id <> v.organization_id
union all
select 'performances', p.id from catalog.performances p join catalog.events e on e.id = p.event_id
where (p.organization_id, p.venue_id) is distinct from (e.organization_id, e.venue_id)
union all
select 'performances', p.id from catalog.performances p join catalog.charts c on c.id = p.chart_id
where (p.organization_id, p.venue_id) is distinct from (c.organization_id, c.venue_id)
union all
select 'tiers', t.id from catalog.tiers t join catalog.performances p on p.id = t.performance_id
where (t.organization_id, t.event_id) is distinct from (p.organization_id, p.event_id)

-- @name no_orphans
select 'charts' as child, c.id from catalog.charts c where not exists (select from catalog.venues v where v.id = c.venue_id)
union all
select 'events', e.id from catalog.events e where not exists (select from catalog.venues v where v.id = e.venue_id)
union all
select 'performances', p.id from catalog.performances p
where not exists (select from catalog.events e where e.id = p.event_id)
  or (p.chart_id is not null and not exists (select from catalog.charts c where c.id = p.chart_id))
union all
select 'tiers', t.id from catalog.tiers t
where not exists (select from catalog.performances p where p.id = t.performance_id)

-- @name prices_in_one_currency
select t.id, t.currency, e.currency as event_currency
from catalog.tiers t
join catalog.events e on e.id = t.event_id
where t.currency <> e.currency

-- @name tiers_sell_what_is_there
select t.id, category
from catalog.tiers t
join catalog.performances p on p.id = t.performance_id
left join catalog.charts c on c.id = p.chart_id
cross join lateral unnest(t.categories) as category
where not coalesce(c.categories @> jsonb_build_array(jsonb_build_object('name', category)), false)

-- @name published_is_sellable
select p.id from catalog.performances p
where p.status = 'published'
  and not exists (select from catalog.tiers t where t.performance_id = p.id and t.published_at is not null)
union all
select e.id from catalog.events e
where e.status = 'published'
  and not exists (select from catalog.performances p where p.event_id = e.id and p.status = 'published')

-- @name cancelled_is_off_sale
select p.id from catalog.performances p
join catalog.events e on e.id = p.event_id
where e.status = 'cancelled' and p.status <> 'cancelled'

-- @name announced_as_it_stands
select t.id from catalog.tiers t
join catalog.performances p on p.id = t.performance_id
where t.published_at > p.announced_at or (t.published_at is not null and p.revision = 0)

-- @name nothing_from_the_future
select 'venues' as relation, id from catalog.venues where created_at > now() + interval '5 s'
union all
select 'charts', id from catalog.charts where created_at > now() + interval '5 s'
union all
select 'events', id from catalog.events
where greatest(created_at, published_at, cancelled_at) > now() + interval '5 s'
union all
select 'performances', id from catalog.performances where greatest(created_at, announced_at) > now() + interval '5 s'
union all
select 'tiers', id from catalog.tiers where greatest(created_at, published_at) > now() + interval '5 s'
