-- Two concurrent orders of one person must each count the other: takes a lock for each person that a limit
-- counts, after the performances and before the quotas, in one order.
create or replace function lock_persons(p_owners text[], p_performances int[], p_person_limits text[]) returns void
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(person.hash, person.performance_no)
  from (
    select distinct hashtext(r.owner_id) as hash, r.performance_no
    from unnest(p_owners, p_performances, p_person_limits) as r (owner_id, performance_no, person_limits)
    where r.person_limits is not null
    order by 1, 2
  ) person;
end $$;
