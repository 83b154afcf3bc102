-- @name move
update payments
set status = :to,
  provider_ref = coalesce(provider_ref, :provider_ref),
  client_secret = coalesce(client_secret, :client_secret),
  next_check_at = case when :to = 'cancelled' then null else now() + interval '20 seconds' end,
  checks = 0
where id = :id and status in ('created', 'processing', 'requires_action', 'failed') and status <> :to
returning id

-- Only one of those who learn of the success gets the row.
-- @name capture
update payments
set status = 'succeeded', captured = :received, fee = :fee, settlement = 'pending', succeeded_at = now(),
  provider_ref = coalesce(provider_ref, :provider_ref),
  client_secret = coalesce(client_secret, :client_secret),
  -- Who captured it settles it at once; the reconciler takes over from one that died.
  next_check_at = now() + interval '10 seconds',
  checks = 0
where id = :id and status in ('created', 'processing', 'requires_action', 'failed')
returning id

-- @name record_fee
update payments
set fee = :fee, next_check_at = case when settlement = 'pending' then next_check_at end
where id = :id and fee is null and captured > 0
returning id

-- @name record_trouble
update payments set trouble = :why, next_check_at = null where id = :id and trouble is distinct from :why
