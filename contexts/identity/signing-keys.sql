-- @name lock_keys
lock table signing_keys in share row exclusive mode

-- @name signing_key
-- Not now(): under the lock, a key may come from a transaction that began after this one.
select kid, sealed_private_key from signing_keys
where signs_from <= statement_timestamp() and kid <> all (:unusable::text[])
order by signs_from desc
limit 1

-- @name insert_key
insert into signing_keys (kid, public_key, sealed_private_key, published_at, signs_from)
select :kid, :public_key::json, :sealed_private_key, t, t + make_interval(secs => :delay_s)
from coalesce(:as_of::timestamptz, now()) as t

-- @name published_since
select kid from signing_keys
where published_at > coalesce(:as_of::timestamptz, now()) - make_interval(secs => :age_s)
limit 1

-- @name published_keys
select public_key from (
  select public_key, signs_from, lead(signs_from) over (order by signs_from) as succeeded_at from signing_keys
) as key
where succeeded_at is null or succeeded_at > coalesce(:as_of::timestamptz, now()) - make_interval(secs => :afterlife_s)
order by signs_from desc

-- @name delete_dead_keys
delete from signing_keys where kid in (
  select kid from (
    select kid, lead(signs_from) over (order by signs_from) as succeeded_at from signing_keys
  ) as key
  where succeeded_at <= coalesce(:as_of::timestamptz, now()) - make_interval(secs => :afterlife_s)
)
