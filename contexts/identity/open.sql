-- @name recently_revoked
-- Twice the life of an access token: clocks differ a little.
select id from sessions where revoked_at > now() - interval '30 minutes' order by revoked_at limit 10000
