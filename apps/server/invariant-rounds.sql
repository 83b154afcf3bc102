-- @name next_round
-- Of these invariants the one that was checked longest ago, and how far it has come.
select due.id, r.after
from unnest(:ids::text[]) with ordinality as due (id, position)
left join platform.invariant_rounds r on r.invariant = due.id
order by r.checked_at nulls first, due.position
limit 1

-- @name record_slice
-- A turn comes after all earlier ones, also where the clock was set back.
insert into platform.invariant_rounds as r (invariant, after, checked_at)
select :id, :after, greatest(clock_timestamp(), max(checked_at) + interval '1 microsecond') from platform.invariant_rounds
on conflict (invariant) do update set
  after = excluded.after,
  began_at = case when :is_first::boolean then excluded.began_at else r.began_at end,
  checked_at = excluded.checked_at
returning extract(epoch from new.began_at - old.began_at)::float8 as round_seconds

-- @name record_failure
-- The turn is over, so that the others have theirs; the next one checks the same slice.
insert into platform.invariant_rounds (invariant, checked_at)
select :id, greatest(clock_timestamp(), max(checked_at) + interval '1 microsecond') from platform.invariant_rounds
on conflict (invariant) do update set checked_at = excluded.checked_at
