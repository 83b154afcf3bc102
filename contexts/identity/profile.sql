-- @name profile
select
  u.id, u.email, u.first_name, u.last_name, u.role, u.created_at,
  coalesce((
    select json_agg(json_build_object('id', o.id, 'name', o.name, 'role', m.role, 'event_ids', m.event_ids) order by o.id)
    from (select * from memberships where user_id = u.id order by organization_id limit :organizations_max) as m
    join organizations o on o.id = m.organization_id
  ), '[]'::json) as organizations
from users u
where u.id = :user_id

-- @name lock_user
select id from users where id = :user_id for update
