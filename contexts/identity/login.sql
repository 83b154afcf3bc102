-- @name find_account
select
  u.id as user_id,
  c.password_hash,
  exists (
    select from known_devices d
    where d.user_id = u.id and d.token_hash = :device_hash and d.expires_at > coalesce(:as_of::timestamptz, now())
  ) as device_known
from users u
left join credentials c on c.user_id = u.id
where u.email = :email::text

-- @name upgrade_hash
update credentials set password_hash = :password_hash, changed_at = now()
where user_id = :user_id and password_hash = :old_hash
