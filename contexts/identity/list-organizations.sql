-- @name organizations
select o.id, o.name, m.role, m.event_ids, o.approved_at is not null as approved, o.created_at
from memberships m
join organizations o on o.id = m.organization_id
where m.user_id = :user_id and (:after::text is null or m.organization_id > :after)
order by m.organization_id
limit :limit
