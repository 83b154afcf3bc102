-- The keys stay the guest's: one that the account repeats is bound to the payment then (`join_payment`).
-- @name take_over
update payments set user_id = :user_id where id = :payment_id and user_id <> :user_id
