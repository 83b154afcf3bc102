-- @name live_sessions
select id, created_at, last_used_at, expires_at, ip, user_agent, id = :current_id as current
from sessions
where user_id = :user_id and revoked_at is null and expires_at > now() and (:before::text is null or id < :before)
order by id desc
limit :limit
