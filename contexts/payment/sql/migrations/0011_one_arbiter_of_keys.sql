-- All keys of requests for an intent are in one table, whose primary key decides between them: the first key of a payment
-- with the others. The index finds the keys of a payment that is given up.
insert into intent_keys (user_id, idempotency_key, body_hash, payment_id)
select user_id, idempotency_key, body_hash, id from payments where idempotency_key is not null and body_hash is not null
on conflict do nothing;
delete from intent_keys using payments
where payments.id = intent_keys.payment_id and status = 'cancelled' and provider_ref is null and checkout_ref is null;
create index on intent_keys (payment_id);
alter table payments drop column idempotency_key, drop column body_hash;
