-- @name put_people
with made as (
  insert into users (id, email, first_name, last_name, role)
  select * from unnest(:ids::text[], :emails::text[], :first_names::text[], :last_names::text[], :roles::text[])
  on conflict (email) do nothing
  returning id
), secured as (
  insert into credentials (user_id, password_hash)
  select made.id, given.password_hash
  from made join unnest(:ids::text[], :password_hashes::text[]) as given (id, password_hash) using (id)
)
insert into outbox (topic, key, payload)
select 'identity.user_registered', id, json_build_object('user_id', id, 'guest', false) from made

-- @name lock_people
select id as user_id, email from users where email = any (:emails::text[]) order by id for update

-- @name find_organization
select id as organization_id from organizations where created_by = :user_id and name = :name
order by id limit 1
