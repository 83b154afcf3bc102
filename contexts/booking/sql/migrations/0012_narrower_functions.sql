-- Their signatures lost what nobody used; sql/ creates them again.
drop function if exists free_claims, hold_batch, hold_ga_batch, hold_carefully;
