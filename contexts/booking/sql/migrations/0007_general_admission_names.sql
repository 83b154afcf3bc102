-- General admission by its name, and the database's time as db_now. Functions are applied again after the migrations.
alter table place_counts rename to ga_counters;
alter table ga_counters rename constraint place_counts_pkey to ga_counters_pkey;
alter table ga_counters rename constraint place_counts_check to ga_counters_check;
alter table ga_counters rename constraint place_counts_total_check to ga_counters_total_check;
alter table ga_counters rename constraint place_counts_held_check to ga_counters_held_check;
alter table ga_counters rename constraint place_counts_sold_check to ga_counters_sold_check;
alter table ga_counters rename constraint place_counts_blocked_check to ga_counters_blocked_check;
alter table ga_counters rename constraint place_counts_tier_no_fkey to ga_counters_tier_no_fkey;
alter table place_holds rename to ga_holds;
alter table ga_holds rename constraint place_holds_pkey to ga_holds_pkey;
alter table ga_holds rename constraint place_holds_quantity_check to ga_holds_quantity_check;
alter table ga_holds rename constraint place_holds_tier_no_fkey to ga_holds_tier_no_fkey;
alter index place_holds_tier_no_expires_at_idx rename to ga_holds_tier_no_expires_at_idx;

drop function if exists hold_places_batch, reap_places, hold_batch, hold_carefully, person_has, expire_batch;

-- Ids carry their time and are paged by it: their order must not depend on the database's collation. What is joined with
-- them compares the same way, else no index would serve the join.
alter table cancellations drop constraint cancellations_booking_id_fkey;
alter table bookings alter column booking_id type text collate "C";
alter table cancellations alter column booking_id type text collate "C";
alter table cancellations add foreign key (booking_id) references bookings;
alter table order_links alter column booking_id type text collate "C";
alter table money_movements alter column booking_id type text collate "C";
alter table booking_log alter column booking_id type text collate "C";
alter table seat_claims alter column holder_id type text collate "C";
alter table ga_holds alter column holder_id type text collate "C";
alter table blocks alter column block_id type text collate "C";

-- A block that opening could not claim stays, and says what stood in its way.
alter table blocks add column refused_at timestamptz, add column unavailable text[] not null default '{}';
