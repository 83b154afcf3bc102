-- @name members
select u.id as user_id, u.email, u.first_name, u.last_name, m.role, m.event_ids, m.created_at
from memberships m
join users u on u.id = m.user_id
where m.organization_id = :organization_id and (:after::text is null or m.user_id > :after)
order by m.user_id
limit :limit
