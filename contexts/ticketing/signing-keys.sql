-- @name add_key
-- Adds nothing beside a current key: two processes that start at once make one key.
insert into signing_keys (key_id, public_key, private_key_sealed)
values (:key_id, :public_key, :private_key_sealed)
on conflict do nothing

-- @name has_current
select exists (select from signing_keys where retired_at is null) as has_current

-- @name retire_current
update signing_keys set retired_at = now()
where retired_at is null and created_at < coalesce(:created_before::timestamptz, 'infinity')

-- @name private_key
select private_key_sealed from signing_keys where key_id = :key_id

-- @name public_keys
select key_id, public_key from signing_keys order by created_at
