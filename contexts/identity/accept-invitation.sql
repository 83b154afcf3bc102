-- @name lock_organization
-- Every change of a team or its invitations takes this lock, so that an invitation cannot be accepted while
-- it is withdrawn.
select o.id from organizations o
join invitations i on i.organization_id = o.id
where i.token_hash = :token_hash
for update of o

-- @name find_invitation
-- Only an offer to the person's own address, and only while its inviter may still make it.
select i.invitation_id, i.organization_id, i.role, i.event_ids, u.email, i.accepted_by
from invitations i
join users u on u.id = :user_id and u.role <> 'guest' and u.email = i.email
where i.token_hash = :token_hash
  and (
    i.accepted_by = u.id
    or i.accepted_by is null and i.expires_at > now() and (
      exists (
        select from memberships m
        where m.organization_id = i.organization_id and m.user_id = i.invited_by
          and m.role = 'organizer' and m.event_ids is null
      )
      or exists (select from users a where a.id = i.invited_by and a.role = 'admin')
    )
  )

-- @name accept
with accepted as (
  update invitations set accepted_by = :user_id, accepted_at = now() where invitation_id = :invitation_id
  returning organization_id
)
update memberships m set accepted_at = coalesce(m.accepted_at, now())
from accepted
where m.organization_id = accepted.organization_id and m.user_id = :user_id
