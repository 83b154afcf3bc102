-- @name still_taken
select q.i::int as question, array_agg(c.seat order by c.seat) as seats
from unnest(:performances::int[], :seats::text[]) with ordinality as q (performance_no, seats, i)
cross join lateral unnest(q.seats::int[]) as s (seat)
join booking.seat_claims c on c.performance_no = q.performance_no and c.seat = s.seat
where c.expires_at > now()
group by q.i
