-- Null: until the performance starts, whenever that is. Rows of before keep the time that they have, also where it was
-- the default: it cannot be told from one that was meant. `PUT /tiers/{id}` with `sale_end: null` makes them follow the start.
alter table tiers alter column sale_end drop not null;
