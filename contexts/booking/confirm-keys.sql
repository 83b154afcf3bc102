-- Records keys before their confirmations begin, or reads the stored rows: an update that changes nothing returns the
-- row as it is.
-- @name begin
insert into booking.idempotency_keys as k (owner, operation, key, body_hash)
select a.owner, :operation, a.key, a.body_hash
from unnest(:owners::text[], :keys::text[], :body_hashes::text[]) as a (owner, key, body_hash)
order by a.owner, a.key
on conflict (owner, operation, key) do update set body_hash = k.body_hash
returning k.owner, k.key, k.body_hash, k.status, k.body

-- The first answer stays, and every request with the key receives it.
-- @name finish
update booking.idempotency_keys k set status = coalesce(k.status, a.status), body = coalesce(k.body, a.body)
from (
  select * from unnest(:owners::text[], :keys::text[], :statuses::int[], :bodies::json[]) as a (owner, key, status, body)
  order by owner, key
) a
where k.owner = a.owner and k.operation = :operation and k.key = a.key
returning k.owner, k.key, k.status, k.body

-- A refusal binds nothing.
-- @name forget
delete from booking.idempotency_keys k
using (select * from unnest(:owners::text[], :keys::text[]) as a (owner, key) order by owner, key) a
where k.owner = a.owner and k.operation = :operation and k.key = a.key and k.status is null
