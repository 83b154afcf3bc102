-- @name approve
update organizations
set approved_at = coalesce(approved_at, now()), approved_by = case when approved_at is null then :admin_id else approved_by end
where id = :organization_id
returning id, name, created_by, created_at, approved_at

-- @name organizations_by_state
select id, name, created_by, created_at, approved_at
from organizations
where (:after::text is null or id > :after)
  and case :state when 'pending' then approved_at is null when 'approved' then approved_at is not null else true end
order by id
limit :limit
