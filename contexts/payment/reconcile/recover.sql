-- @name nothing_left
update payments set next_check_at = null where id = :id and (captured = 0 or (settlement <> 'pending' and fee is not null)) and not is_unpaid(status)

-- @name hold_extended
update payments set hold_expires_at = :hold_expires_at where id = :id

-- @name never_arrived
update payments set status = 'failed', failure_code = 'no_answer' where id = :id and status = 'processing' returning id

-- @name write_off
update payments set status = 'cancelled', next_check_at = null, trouble = :why
where id = :id and is_unpaid(status)
