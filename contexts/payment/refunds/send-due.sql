-- @name claim_due
update refunds
set checks = checks + 1,
  next_check_at = coalesce(:as_of::timestamptz, now()) + make_interval(secs => least(3600, 15 * power(2, least(checks, 8))))
from (
  select id from refunds
  where next_check_at <= coalesce(:as_of::timestamptz, now())
  order by next_check_at
  limit :batch_size
  for update skip locked
) due
where refunds.id = due.id
returning refunds.id, refunds.checks
