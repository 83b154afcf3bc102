-- @name withdraw_of_member
-- Those by this member (when they may no longer invite) and those to them, except the one being accepted.
delete from invitations i using users u
where u.id = :user_id and i.organization_id = :organization_id and i.accepted_at is null
  and i.invitation_id is distinct from :except_id
  and (i.email = u.email or (:made_too and i.invited_by = u.id))

-- @name lock_organization
select id from organizations where id = :organization_id for update

-- @name withdraw_one
delete from invitations
where organization_id = :organization_id and invitation_id = :invitation_id and accepted_at is null
returning invitation_id
