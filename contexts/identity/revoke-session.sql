-- @name revoke_session
update sessions set revoked_at = now(), revoked_because = 'revoked'
where id = :session_id and user_id = :user_id and revoked_at is null and expires_at > now()
returning id
