-- How many places of a performance a person has or holds now.
create or replace function person_has(p_owner text, p_performance int, p_t timestamptz) returns int
language sql stable as $$
  select coalesce(sum((select sum(q) from unnest(b.line_quantities) q)), 0)::int
  from bookings b
  where b.owner_id = p_owner and b.performance_no = p_performance
    and (b.status = 'confirmed' or (b.status = 'held' and b.expires_at > p_t))
$$;
