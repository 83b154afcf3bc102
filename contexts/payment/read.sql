-- @name payments_of
select payment_rows.*
from payments join payment_rows on payment_rows.id = payments.id
where payments.booking_id = any(:booking_ids::text[])
order by payments.booking_id, payments.created_at, payments.id
