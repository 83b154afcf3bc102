-- Members by consent. Null: somebody else put this account into the team, so the team does not learn its name.
alter table memberships add column accepted_at timestamptz;
update memberships m set accepted_at = m.created_at
where exists (select from organizations o where o.id = m.organization_id and o.created_by = m.user_id)
  or exists (select from invitations i where i.organization_id = m.organization_id and i.accepted_by = m.user_id);

-- One open invitation per organization and address: a new one replaces the one before it.
delete from invitations i using invitations newer
where i.accepted_at is null and newer.accepted_at is null
  and newer.organization_id = i.organization_id and newer.email = i.email
  and (newer.created_at, newer.invitation_id) > (i.created_at, i.invitation_id);
create unique index on invitations (organization_id, email) where accepted_at is null;
drop index invitations_organization_id_idx;
