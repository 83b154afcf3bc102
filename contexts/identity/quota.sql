-- @name take_quota
insert into source_quotas as quota (source, action, window_start, used)
select :source, :action, date_bin(make_interval(secs => :window_s), t, 'epoch'), greatest(:cost::int, 1)
from coalesce(:as_of::timestamptz, now()) as t
on conflict (source, action, window_start) do update set used = greatest(quota.used + :cost::int, 1)
returning
  used,
  ceil(extract(epoch from
    window_start + make_interval(secs => :window_s) - coalesce(:as_of::timestamptz, now())))::int as resets_in_s
