-- @name lock_creator
-- Creations by one person are serialized, so that the limit holds.
select id from users where id = :user_id for update

-- @name count_created
select count(*) as organizations from organizations where created_by = :user_id

-- @name insert_organization
insert into organizations (id, name, created_by, approved_at)
values (:organization_id, :name, :user_id, case when :approved then now() end)
returning created_at

-- @name insert_organizer
insert into memberships (organization_id, user_id, role, accepted_at)
values (:organization_id, :user_id, 'organizer', now())
