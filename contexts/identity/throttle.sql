-- @name wait
select greatest(
  coalesce((
    select extract(epoch from blocked_until - t) from login_failures
    where account = :account and source = :source and blocked_until > t
  ), 0),
  coalesce((
    select extract(epoch from min(last_failed_at) + make_interval(secs => :window_s) - t)
    from (
      select last_failed_at from login_failures
      where source = :source and last_failed_at > t - make_interval(secs => :window_s)
      order by last_failed_at desc
      limit :accounts_max::int
    ) as recent
    having count(*) >= :accounts_max::int
  ), 0)
)::float8 as wait_s
from coalesce(:as_of::timestamptz, now()) as t

-- @name record_failure
-- No row is returned when the pair has to wait by now: that guess gets no answer.
insert into login_failures as pair (account, source, failures, last_failed_at)
select :account, :source, 1, coalesce(:as_of::timestamptz, now())
on conflict (account, source) do update set
  (failures, last_failed_at, blocked_until) = (
    select
      n,
      excluded.last_failed_at,
      case when n >= :failures_max
        then excluded.last_failed_at + make_interval(secs => :wait_s * 2 ^ least(n - :failures_max, :doublings_max))
      end
    from (
      select case
        when greatest(pair.last_failed_at, pair.blocked_until) < excluded.last_failed_at - make_interval(secs => :memory_s) then 1
        else pair.failures + 1
      end as n
    ) as counted
  )
where pair.blocked_until is null or pair.blocked_until <= excluded.last_failed_at
returning failures

-- @name forget_failures
delete from login_failures
where account = :account and source = :source
  and (blocked_until is null or blocked_until <= coalesce(:as_of::timestamptz, now()))

-- @name pair_blocked
select blocked_until from login_failures
where account = :account and source = :source and blocked_until > coalesce(:as_of::timestamptz, now())
