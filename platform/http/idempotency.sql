-- @name claim
insert into idempotency_keys (owner, operation, key, body_hash)
values (:owner, :operation, :key, :body_hash)
on conflict (owner, operation, key) do nothing
returning key

-- @name stored
select body_hash, status, body from idempotency_keys
where owner = :owner and operation = :operation and key = :key

-- @name remember
update idempotency_keys set status = :status, body = :body
where owner = :owner and operation = :operation and key = :key
