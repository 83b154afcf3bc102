-- @name take_over
-- A key that the new owner has used itself gets the payment's id added: it stays the older one's. After a line break,
-- which no client can send in a key, so that nobody can have used the result before.
update payments p set
  user_id = :user_id,
  idempotency_key = case
    when exists (
        select from payments k where k.user_id = :user_id and k.idempotency_key = p.idempotency_key
        union all
        select from intent_keys k where k.user_id = :user_id and k.idempotency_key = p.idempotency_key)
      then p.idempotency_key || chr(10) || p.id
    else p.idempotency_key
  end
where p.id = :payment_id and p.user_id <> :user_id
returning p.id
