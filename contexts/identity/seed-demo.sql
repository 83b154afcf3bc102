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

-- @name retire_people
with demo as (
  select id, role from users where email = any (:emails::text[])
), without_password as (
  delete from credentials using demo where user_id = demo.id returning user_id
), signed_out as (
  update sessions set revoked_at = now(), revoked_because = 'revoked'
  from demo where user_id = demo.id and revoked_at is null
  returning user_id
), without_role as (
  update users set role = 'attendee' from demo where users.id = demo.id and demo.role = 'admin'
  returning users.id as user_id
)
select count(*)::int as accounts
from (select user_id from without_password union select user_id from signed_out union select user_id from without_role) as changed
