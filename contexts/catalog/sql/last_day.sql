-- The last day on which a performance is found: the day of its end in the venue's time zone where it lasts longer
-- than a day (an end at midnight belongs to the day before), else its first day: a night belongs to its evening.
create or replace function last_day(p_start timestamptz, p_end timestamptz, p_first_day date, p_time_zone text)
returns date
language sql stable as $$
  select case
    when p_end - p_start > interval '24 hours'
    then ((p_end - interval '1 microsecond') at time zone p_time_zone)::date
    else p_first_day end
$$;
