-- @name open_invitations
select invitation_id as id, email, role, event_ids, invited_by, created_at, expires_at
from invitations
where organization_id = :organization_id and accepted_at is null and expires_at > now()
  and (:after::text is null or invitation_id > :after)
order by invitation_id
limit :limit
