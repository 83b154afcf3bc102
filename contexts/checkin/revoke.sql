-- @name revoke_tickets
select revoke_tickets(:booking_id::text, :ticket_ids::text[]) as inside

-- @name used
select ticket_id from tickets where ticket_id = any(:ticket_ids::text[]) and admitted_at is not null
