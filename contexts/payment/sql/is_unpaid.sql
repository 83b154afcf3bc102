-- True in the states in which the money may still come (`UNPAID` in next-transition.ts). A plain expression, so that
-- PostgreSQL inlines it and partial indexes serve it.
create or replace function is_unpaid(p_status text) returns boolean
language sql immutable as $$
  select p_status in ('created', 'processing', 'requires_action', 'failed')
$$;
