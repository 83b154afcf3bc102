-- @name insert_attendees
with made as (
  insert into users (id, email, first_name, last_name, role)
  select id, id || '@load.test', 'Load', 'Client', 'attendee' from unnest(:user_ids::text[]) as id
  returning id
)
insert into outbox (topic, key, payload)
select 'identity.user_registered', id, json_build_object('user_id', id, 'guest', false) from made

-- @name insert_sessions
insert into sessions (id, user_id, ip, user_agent, created_at, last_used_at, expires_at)
select session_id, user_id, 'local', 'tessera tokens', now(), now(), now() + make_interval(secs => :life_s)
from unnest(:session_ids::text[], :user_ids::text[]) as made (session_id, user_id)
