-- A payment that is made on a page of its provider's. The page makes an intent of its own when the buyer first tries to
-- pay, so `provider_ref` is unknown until the money is there; what stood in its stead is cancelled first.
alter table payments
  add column checkout_ref text,
  add column replaced_ref text,
  add check (replaced_ref is null or checkout_ref is not null),
  add unique (provider, checkout_ref);
