-- @name delete_sessions
delete from sessions
where least(expires_at, revoked_at) < coalesce(:as_of::timestamptz, now()) - make_interval(secs => :keep_s)

-- @name delete_used_tokens
delete from refresh_tokens
where used_at is not null and expires_at < coalesce(:as_of::timestamptz, now()) - make_interval(secs => :keep_s)

-- @name delete_devices
delete from known_devices d using (
  select token_hash, expires_at, row_number() over (partition by user_id order by expires_at desc) as place
  from known_devices
) as ranked
where ranked.token_hash = d.token_hash
  and (ranked.place > :devices_max or ranked.expires_at < coalesce(:as_of::timestamptz, now()))

-- @name delete_failures
delete from login_failures
where greatest(last_failed_at, blocked_until) < coalesce(:as_of::timestamptz, now()) - make_interval(secs => :keep_s)

-- @name delete_quotas
delete from source_quotas
where window_start < coalesce(:as_of::timestamptz, now()) - make_interval(secs => :keep_s)

-- @name delete_invitations
delete from invitations
where coalesce(accepted_at, expires_at) < coalesce(:as_of::timestamptz, now()) - make_interval(secs => :keep_s)
