-- @name people
select id as user_id, role = 'guest' as guest, email, first_name, last_name from users where id = any(:user_ids::text[])

-- @name organization
select id as organization_id, name, approved_at is not null as approved from organizations where id = :organization_id
