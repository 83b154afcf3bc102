-- @name open_session
with session as (
  insert into sessions (id, user_id, ip, user_agent, created_at, last_used_at, expires_at)
  select :session_id, :user_id, :ip, :user_agent, t, t, t + make_interval(secs => :refresh_life_s)
  from coalesce(:as_of::timestamptz, now()) as t
  returning id, created_at, expires_at
)
insert into refresh_tokens (token_hash, session_id, generation, issued_at, expires_at)
select :token_hash, id, 0, created_at, expires_at from session

-- @name remember_device
insert into known_devices (token_hash, user_id, created_at, expires_at)
select :token_hash, :user_id, t, t + make_interval(secs => :life_s)
from coalesce(:as_of::timestamptz, now()) as t
on conflict (token_hash) do update set expires_at = excluded.expires_at
where known_devices.user_id = excluded.user_id
