-- The page and the intent that it stands in for, before that intent is cancelled. No row when the payment has moved on.
-- @name put_page
update payments
set checkout_ref = :checkout_ref, provider_ref = null,
  replaced_ref = coalesce(replaced_ref, provider_ref), next_check_at = now() + interval '30 seconds', checks = 0
where id = :id and is_unpaid(status)
  and checkout_ref is not distinct from :seen_checkout_ref
  and closed_checkout_ref is not distinct from :seen_closed_checkout_ref
returning id

-- The intent is cancelled for certain: the page is the only way left to pay. No row when another tab has done this, is
-- closing the page, or has opened the next one.
-- @name clear_replaced
update payments set replaced_ref = null
where id = :id and replaced_ref = :replaced_ref and checkout_ref = :checkout_ref
  and closed_checkout_ref is distinct from checkout_ref
returning id

-- Before the page is closed in favour of its intent: from now on nobody is sent to it, whatever becomes of the intent. No
-- row when the intent was cancelled or taken back meanwhile, or the next page was opened.
-- @name begin_closing
update payments set closed_checkout_ref = checkout_ref
where id = :id and replaced_ref = :replaced_ref and checkout_ref = :checkout_ref
returning id

-- The page that is being closed is closed: the intent is the payment's again, and the reconciler looks at it at once. No
-- row when another tab has done this, or has opened the next page.
-- @name take_back_intent
update payments
set provider_ref = replaced_ref, replaced_ref = null, checkout_ref = null, next_check_at = now(), checks = 0
where id = :id and replaced_ref = :replaced_ref and checkout_ref = :checkout_ref and closed_checkout_ref = checkout_ref
  and coalesce(provider_ref, replaced_ref) = replaced_ref
returning id
