-- @name lock_organization
select id from organizations where id = :organization_id for update

-- @name count_other_organizers
select count(*)::int as organizers from memberships
where organization_id = :organization_id and user_id <> :user_id and role = 'organizer' and event_ids is null

-- @name delete_member
delete from memberships where organization_id = :organization_id and user_id = :user_id

-- @name is_member
select user_id from memberships where organization_id = :organization_id and user_id = :user_id
