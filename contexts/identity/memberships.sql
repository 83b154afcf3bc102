-- @name memberships_of
select organization_id, role, event_ids from memberships where user_id = :user_id order by organization_id
