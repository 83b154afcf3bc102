-- What booking answered to a payment that it could not sell for, written down before anyone acts on it: whoever asks
-- again for the same payment hears the same, though the seats may have become free meanwhile.
create table refused_settlements (
  booking_id text collate "C" not null,
  payment_id text not null,
  verdict text not null check (verdict in ('seats-gone', 'paid-otherwise', 'amount-mismatch')),
  decided_at timestamptz not null default clock_timestamp(),
  primary key (booking_id, payment_id)
);
revoke update, delete on refused_settlements from tessera_booking;

-- settle_batch decides now.
drop function if exists keep_claims(text, timestamptz);
