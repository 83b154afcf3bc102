-- @name next_round
update refunds
set round = round + 1, error = :error,
  next_check_at = now() + make_interval(secs => least(3600, 30 * power(2, least(round, 10))))
where id = :id and status = 'pending'

-- The end of the dispute sends it at once; this is the net under that.
-- @name postpone
update refunds set next_check_at = now() + interval '1 hour' where id = :id and status = 'pending'
