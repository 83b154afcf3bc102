-- The intentions to charge, in one step with the look at the payments and at what these keys did before. One row each;
-- an attempt is opened only for a payment that can still be paid.
-- @name open_attempts
with asked as (
  select * from unnest(:payment_ids::text[], :user_ids::text[], :idempotency_keys::text[], :body_hashes::text[],
    :payment_methods::text[]) with ordinality
    as asked (payment_id, user_id, idempotency_key, body_hash, payment_method, i)
), opened as (
  insert into confirm_attempts (payment_id, owner, idempotency_key, body_hash, payment_method)
  select asked.payment_id, asked.user_id, asked.idempotency_key, asked.body_hash, asked.payment_method
  from asked
  join payments on payments.id = asked.payment_id and payments.user_id = asked.user_id
  where payments.provider_ref is not null and is_unpaid(payments.status)
  order by asked.user_id, asked.idempotency_key
  on conflict (owner, idempotency_key) do nothing
  returning owner, idempotency_key, payment_id, body_hash, attempt
)
select
  opened.attempt as opened_attempt,
  known.attempt as known_attempt, known.body_hash as known_body_hash, known.answer_status, known.answer,
  payment_rows.*
from asked
left join payment_rows on payment_rows.id = asked.payment_id and payment_rows.user_id = asked.user_id
left join opened on opened.owner = asked.user_id and opened.idempotency_key = asked.idempotency_key
  and opened.payment_id = asked.payment_id and opened.body_hash = asked.body_hash
left join confirm_attempts known on known.owner = asked.user_id and known.idempotency_key = asked.idempotency_key
order by asked.i

-- Nothing came of it: the key is free again.
-- @name drop_attempt
delete from confirm_attempts where owner = :user_id and idempotency_key = :idempotency_key and answer_status is null

-- @name store_answer
update confirm_attempts
set answer_status = :answer_status, answer = :answer
where owner = :user_id and idempotency_key = :idempotency_key and answer_status is null
