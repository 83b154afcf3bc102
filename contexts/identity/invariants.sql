-- @name one_living_refresh_token
-- Reuse means theft only because a family has at most one unused token.
select session_id, count(*) as living
from identity.refresh_tokens
where used_at is null
group by session_id
having count(*) > 1

-- @name used_in_order
-- A used token has exactly one successor: without one its session could not be refreshed, with two it would
-- be forked.
select parent.session_id, parent.generation
from identity.refresh_tokens parent
left join identity.refresh_tokens child
  on child.session_id = parent.session_id and child.generation = parent.generation + 1
where parent.used_at is not null and child.token_hash is null

-- @name sessions_have_people
select s.id as session_id
from identity.sessions s
left join identity.users u on u.id = s.user_id
where u.id is null
union all
select r.session_id
from identity.refresh_tokens r
left join identity.sessions s on s.id = r.session_id
where s.id is null

-- @name guests_hold_nothing
-- A guest cannot sign in again and leads no organization.
select u.id as user_id
from identity.users u
where u.role = 'guest'
  and (
    exists (select from identity.credentials c where c.user_id = u.id)
    or exists (select from identity.memberships m where m.user_id = u.id)
  )

-- @name one_account_an_address
select lower(email) as email, count(*) as accounts
from identity.users
where email is not null
group by lower(email)
having count(*) > 1

-- @name organizations_are_led
select o.id as organization_id
from identity.organizations o
where not exists (
  select from identity.memberships m
  where m.organization_id = o.id and m.role = 'organizer' and m.event_ids is null
)
