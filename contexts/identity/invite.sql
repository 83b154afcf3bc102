-- @name lock_organization
select id from organizations where id = :organization_id for update

-- @name delete_open
delete from invitations where organization_id = :organization_id and email = :email and accepted_at is null

-- @name count_open
select count(*)::int as open from invitations
where organization_id = :organization_id and accepted_at is null and expires_at > now()

-- @name put_invitation
insert into invitations (invitation_id, organization_id, token_hash, email, role, event_ids, invited_by, expires_at)
values (:invitation_id, :organization_id, :token_hash, :email, :role, :event_ids::text[], :invited_by,
  now() + make_interval(secs => :life_s))
returning expires_at
