-- How far each invariant has been checked, for whichever process leads next.
create table platform.invariant_rounds (
  invariant text primary key,
  -- The last key that was checked; null where the statement looks at all there is.
  after text,
  began_at timestamptz not null default clock_timestamp(),
  checked_at timestamptz not null default clock_timestamp()
);
grant select, insert, update, delete on platform.invariant_rounds to tessera_relay;
