-- @name take_over
-- A key that the new owner has used itself gets the payment's id added: it stays the older one's.
update payments p set
  user_id = :user_id,
  idempotency_key = case
    when exists (select from payments k where k.user_id = :user_id and k.idempotency_key = p.idempotency_key)
      then p.idempotency_key || ' ' || p.id
    else p.idempotency_key
  end
where p.id = :payment_id and p.user_id <> :user_id
returning p.id
