-- The page and the intent that it stands in for, before that intent is cancelled. No row when the payment has moved on.
-- @name put_page
update payments
set checkout_ref = :checkout_ref, provider_ref = null,
  replaced_ref = coalesce(replaced_ref, provider_ref), next_check_at = now() + interval '30 seconds', checks = 0
where id = :id and is_unpaid(status)
  and checkout_ref is not distinct from :seen_checkout_ref
  and closed_checkout_ref is not distinct from :seen_closed_checkout_ref
returning id

-- The intent is cancelled for certain: the page is the only way left to pay. No row when it has been taken back or another
-- page has come.
-- @name clear_replaced
update payments set replaced_ref = null
where id = :id and replaced_ref = :replaced_ref and checkout_ref is not distinct from :checkout_ref
returning id

-- The intent was faster than its cancellation: it is the payment's again, and the reconciler looks at it at once. Not when
-- another page than the closed one has taken its place meanwhile.
-- @name take_back_intent
update payments
set provider_ref = replaced_ref, replaced_ref = null, checkout_ref = null, closed_checkout_ref = checkout_ref,
  next_check_at = now(), checks = 0
where id = :id and replaced_ref = :replaced_ref and checkout_ref = :checkout_ref
  and coalesce(provider_ref, replaced_ref) = replaced_ref
