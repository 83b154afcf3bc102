-- @name members
-- Names are personal: the team sees them with their owner's consent, not because somebody typed an address.
select
  u.id as user_id,
  u.email,
  case when m.accepted_at is not null then u.first_name end as first_name,
  case when m.accepted_at is not null then u.last_name end as last_name,
  m.role,
  m.event_ids,
  m.created_at
from memberships m
join users u on u.id = m.user_id
where m.organization_id = :organization_id and (:after::text is null or m.user_id > :after)
order by m.user_id
limit :limit
