-- @name revoked_since
select id from sessions where revoked_at > now() - make_interval(secs => :within_s) order by revoked_at
