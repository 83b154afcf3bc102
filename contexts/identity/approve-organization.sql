-- @name approve
update organizations as o
set approved_at = coalesce(approved_at, now()), approved_by = case when approved_at is null then :admin_id else approved_by end
from users as u
where o.id = :organization_id and u.id = o.created_by
returning o.id, o.name, o.created_by, u.email as created_by_email, o.created_at, o.approved_at

-- @name organizations_by_state
select o.id, o.name, o.created_by, u.email as created_by_email, o.created_at, o.approved_at
from organizations as o
join users as u on u.id = o.created_by
where (:after::text is null or o.id > :after)
  and case :state when 'pending' then o.approved_at is null when 'approved' then o.approved_at is not null else true end
order by o.id
limit :limit
