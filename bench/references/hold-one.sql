-- R: the best that one transaction a hold can do on our own schema: the same rows as a batch writes for one hold (two
-- claims, the booking with its key and lines, the outbox row), in one function call, without the batch's machinery.
create or replace function booking.bench_hold_one(p_performance int, p_n bigint) returns int
language plpgsql as $$
declare
  v_t constant timestamptz := now();
  v_ends constant timestamptz := v_t + interval '300 s';
  v_id constant text := 'bk_' || lpad(p_n::text, 26, '0');
  v_got int;
begin
  insert into booking.seat_claims as c (performance_no, seat, holder_id, expires_at)
  values (p_performance, (p_n * 2)::int, v_id, v_ends), (p_performance, (p_n * 2 + 1)::int, v_id, v_ends)
  on conflict (performance_no, seat) do update set holder_id = excluded.holder_id, expires_at = excluded.expires_at
  where c.expires_at <= v_t;
  get diagnostics v_got = row_count;
  if v_got < 2 then raise exception 'taken'; end if;
  insert into booking.bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers,
    line_quantities, line_prices, total, held_at, expires_at)
  values (v_id, p_performance, 'usr_' || lpad((p_n % 2000)::text, 26, '0'), gen_random_uuid()::text, 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ',
    array[(p_n * 2)::int, (p_n * 2 + 1)::int], '{1,1}', '{1,1}', '{2400,2400}', 4800, v_t, v_ends);
  insert into booking.outbox (topic, key, payload)
  values ('bench.held', 'perf', ('{"performance_id":"perf","expires_at":"x","bookings":[{"booking_id":"' || v_id || '"}]}')::json);
  return v_got;
end $$;
create sequence if not exists booking.bench_n;
grant usage on sequence booking.bench_n to tessera_booking;
