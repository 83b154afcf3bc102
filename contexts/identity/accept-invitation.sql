-- @name lock_invitation
-- Two who accept at once go one after the other. A person meets only what was offered to their own address.
select i.invitation_id, i.organization_id, i.role, i.event_ids, u.email, i.accepted_by
from invitations i
join users u on u.id = :user_id and u.role <> 'guest' and u.email = i.email
where i.token_hash = :token_hash
  and (i.accepted_by = u.id or (i.accepted_by is null and i.expires_at > now()))
for update of i

-- @name accept
update invitations set accepted_by = :user_id, accepted_at = now() where invitation_id = :invitation_id
