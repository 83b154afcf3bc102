-- hold_uses answers for many holds at once.
drop function if exists hold_outcome;
