-- @name lock_organization
-- Changes of one team are serialized: concurrent ones cannot remove the last organizer.
select id from organizations where id = :organization_id for update

-- @name find_person
select id as user_id, email, first_name, last_name from users where email = :email and role <> 'guest'

-- @name find_member
select u.id as user_id, u.email, u.first_name, u.last_name
from users u
join memberships m on m.user_id = u.id and m.organization_id = :organization_id
where u.email = :email

-- @name count_others
select count(*) as members, count(*) filter (where role = 'organizer' and event_ids is null) as organizers
from memberships
where organization_id = :organization_id and user_id <> :user_id

-- @name put_member
insert into memberships as m (organization_id, user_id, role, event_ids)
values (:organization_id, :user_id, :role, :event_ids::text[])
on conflict (organization_id, user_id) do update set role = excluded.role, event_ids = excluded.event_ids
returning m.created_at, old.user_id is null as added
