-- The provider was asked and gave no clear answer.
-- @name mark_unknown
update payments
set status = 'processing', next_check_at = now() + interval '15 seconds', checks = 0
where id = :id and status in ('created', 'requires_action', 'failed')
