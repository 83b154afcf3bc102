-- Each statement reads the keys from :from to :to; the blocks of keys say what there is to go through
-- (platform/invariants).

-- @name session_keys
select id as key from identity.sessions
union all
select session_id from identity.refresh_tokens

-- @name user_keys
select id as key from identity.users

-- @name email_keys
select email as key from identity.users where email is not null

-- @name organization_keys
select id as key from identity.organizations

-- @name one_living_refresh_token
-- Reuse means theft only because a family has at most one unused token.
select session_id, count(*) as living
from identity.refresh_tokens
where session_id between :from and :to and used_at is null
group by session_id
having count(*) > 1

-- @name used_in_order
-- A used token has exactly one successor: without one its session could not be refreshed, with two it would
-- be forked.
select parent.session_id, parent.generation
from identity.refresh_tokens parent
left join identity.refresh_tokens child
  on child.session_id = parent.session_id and child.generation = parent.generation + 1
where parent.session_id between :from and :to and parent.used_at is not null and child.token_hash is null

-- @name sessions_have_people
select s.id as session_id
from identity.sessions s
left join identity.users u on u.id = s.user_id
where s.id between :from and :to and u.id is null
union all
select r.session_id
from identity.refresh_tokens r
left join identity.sessions s on s.id = r.session_id
where r.session_id between :from and :to and s.id is null

-- @name guests_hold_nothing
-- A guest cannot sign in again and leads no organization.
select u.id as user_id
from identity.users u
left join identity.credentials c on c.user_id = u.id
left join lateral (select user_id from identity.memberships where user_id = u.id limit 1) m on true
where u.id between :from and :to and u.role = 'guest' and (c.user_id is not null or m.user_id is not null)

-- @name one_account_an_address
-- Addresses are stored in lower case, and each once: together, one account an address however it is written.
select email, count(*) as accounts
from identity.users
where email is not null and email between :from and :to
group by email
having count(*) > 1 or email <> lower(email)

-- @name organizations_are_led
select o.id as organization_id
from identity.organizations o
where o.id between :from and :to and not exists (
  select from identity.memberships m
  where m.organization_id = o.id and m.role = 'organizer' and m.event_ids is null
)
