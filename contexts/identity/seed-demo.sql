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
), without_invitations as (
  delete from invitations using demo where invited_by = demo.id and accepted_at is null
), without_team as (
  -- The last organizer stays, as the invariants require; nobody can sign in as them.
  delete from memberships m using demo
  where m.user_id = demo.id and exists (
    select from memberships other
    where other.organization_id = m.organization_id and other.role = 'organizer' and other.event_ids is null
      and (
        other.user_id not in (select id from demo)
        or other.user_id < m.user_id
        or m.role <> 'organizer' or m.event_ids is not null
      )
      and other.user_id <> m.user_id
  )
  returning m.organization_id, m.user_id
), told as (
  insert into outbox (topic, key, payload)
  select 'identity.member_removed', organization_id,
    json_build_object('organization_id', organization_id, 'user_id', user_id)
  from without_team
)
select count(*)::int as accounts, array(
  -- The removal above never changes this: it takes demo accounts alone, and not the last of them.
  select distinct m.organization_id from memberships m
  where m.user_id in (select id from demo) and not exists (
    select from memberships other
    where other.organization_id = m.organization_id and other.user_id not in (select id from demo)
  )
  order by m.organization_id
) as organization_ids
from (select user_id from without_password union select user_id from signed_out union select user_id from without_role) as changed
