-- @name rotate
-- One statement: of any number of parallel uses exactly one finds the token unused and inserts its successor.
with parent as (
  update refresh_tokens r set used_at = t
  from coalesce(:as_of::timestamptz, now()) as t, sessions s
  where r.token_hash = :token_hash and r.used_at is null and r.expires_at > t
    and s.id = r.session_id and s.revoked_at is null
  returning r.session_id, r.generation, s.user_id, t
), child as (
  insert into refresh_tokens (token_hash, session_id, generation, issued_at, expires_at)
  select :child_hash, session_id, generation + 1, t, t + make_interval(secs => :life_s) from parent
), session as (
  update sessions s set last_used_at = t, expires_at = t + make_interval(secs => :life_s)
  from parent where s.id = parent.session_id
)
select session_id, user_id from parent

-- @name find_used
select
  s.id as session_id,
  s.user_id,
  coalesce(r.used_at > t - make_interval(secs => :grace_s), false) as within_grace,
  leaf.generation - r.generation as steps_behind
from coalesce(:as_of::timestamptz, now()) as t, refresh_tokens r
join sessions s on s.id = r.session_id
left join refresh_tokens leaf on leaf.session_id = r.session_id and leaf.used_at is null
where r.token_hash = :token_hash and r.used_at is not null and s.revoked_at is null

-- @name revoke_family
update sessions set revoked_at = coalesce(:as_of::timestamptz, now()), revoked_because = 'refresh-reuse'
where id = :session_id and revoked_at is null
