-- @name revoke
update sessions set revoked_at = now(), revoked_because = 'logout'
where revoked_at is null
  and (id = :session_id::text or id = (select session_id from refresh_tokens where token_hash = :token_hash::bytea))
returning id
