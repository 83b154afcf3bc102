-- @name nothing_left
update payments set next_check_at = null where id = :id and (captured = 0 or (settlement <> 'pending' and fee is not null)) and not is_unpaid(status)

-- @name hold_extended
update payments set hold_expires_at = :hold_expires_at where id = :id

-- @name never_arrived
update payments set status = 'failed', failure_code = 'no_answer' where id = :id and status = 'processing' returning id

-- Not when a page was opened or closed since the payment was read: then it is looked at again.
-- @name write_off
update payments set status = 'cancelled', next_check_at = null, trouble = :why
where id = :id and is_unpaid(status)
  and checkout_ref is not distinct from :checkout_ref
  and closed_checkout_ref is not distinct from :closed_checkout_ref
