-- Each statement reads the ids from :from to :to, of whichever table they are (platform/invariants).

-- @name keys
select id as key from catalog.venues
union all
select id from catalog.charts
union all
select id from catalog.events
union all
select id from catalog.performances
union all
select id from catalog.tiers

-- @name tenant_purity
select 'charts' as child, c.id from catalog.charts c join catalog.venues v on v.id = c.venue_id
where c.id between :from and :to and c.organization_id <> v.organization_id
union all
select 'events', e.id from catalog.events e join catalog.venues v on v.id = e.venue_id
where e.id between :from and :to and e.organization_id <> v.organization_id
union all
select 'performances', p.id from catalog.performances p join catalog.events e on e.id = p.event_id
where p.id between :from and :to and (p.organization_id, p.venue_id) is distinct from (e.organization_id, e.venue_id)
union all
select 'performances', p.id from catalog.performances p join catalog.charts c on c.id = p.chart_id
where p.id between :from and :to and (p.organization_id, p.venue_id) is distinct from (c.organization_id, c.venue_id)
union all
select 'tiers', t.id from catalog.tiers t join catalog.performances p on p.id = t.performance_id
where t.id between :from and :to and (t.organization_id, t.event_id) is distinct from (p.organization_id, p.event_id)

-- @name no_orphans
select 'charts' as child, c.id from catalog.charts c
where c.id between :from and :to and not exists (select from catalog.venues v where v.id = c.venue_id)
union all
select 'events', e.id from catalog.events e
where e.id between :from and :to and not exists (select from catalog.venues v where v.id = e.venue_id)
union all
select 'performances', p.id from catalog.performances p
left join catalog.events e on e.id = p.event_id
left join catalog.charts c on c.id = p.chart_id
where p.id between :from and :to and (e.id is null or (p.chart_id is not null and c.id is null))
union all
select 'tiers', t.id from catalog.tiers t
where t.id between :from and :to and not exists (select from catalog.performances p where p.id = t.performance_id)

-- @name prices_in_one_currency
select t.id, t.currency, e.currency as event_currency
from catalog.tiers t
join catalog.events e on e.id = t.event_id
where t.id between :from and :to and t.currency <> e.currency

-- @name tiers_sell_what_is_there
select t.id, category
from catalog.tiers t
join catalog.performances p on p.id = t.performance_id
left join catalog.charts c on c.id = p.chart_id
cross join lateral unnest(t.categories) as category
where t.id between :from and :to
  and not coalesce(c.categories @> jsonb_build_array(jsonb_build_object('name', category)), false)

-- @name published_is_sellable
select p.id from catalog.performances p
where p.id between :from and :to and p.status = 'published'
  and not exists (select from catalog.tiers t where t.performance_id = p.id and t.published_at is not null)
union all
select e.id from catalog.events e
cross join lateral (
  select bool_or(p.status = 'published') as has from catalog.performances p where p.event_id = e.id
) published
where e.id between :from and :to and e.status = 'published' and published.has is not true

-- @name cancelled_is_off_sale
-- What had ended before its event was cancelled stays as it was.
select p.id from catalog.performances p
join catalog.events e on e.id = p.event_id
where p.id between :from and :to and e.status = 'cancelled' and p.status <> 'cancelled'
  and (p.status <> 'published' or p.end_time > e.cancelled_at)

-- @name announced_as_it_stands
select t.id from catalog.tiers t
join catalog.performances p on p.id = t.performance_id
where t.id between :from and :to
  and (t.published_at > p.announced_at or (t.published_at is not null and p.revision = 0))

-- @name nothing_from_the_future
select 'venues' as relation, id from catalog.venues
where id between :from and :to and created_at > now() + interval '5 s'
union all
select 'charts', id from catalog.charts where id between :from and :to and created_at > now() + interval '5 s'
union all
select 'events', id from catalog.events
where id between :from and :to and greatest(created_at, published_at, cancelled_at) > now() + interval '5 s'
union all
select 'performances', id from catalog.performances
where id between :from and :to and greatest(created_at, announced_at) > now() + interval '5 s'
union all
select 'tiers', id from catalog.tiers
where id between :from and :to and greatest(created_at, published_at) > now() + interval '5 s'
