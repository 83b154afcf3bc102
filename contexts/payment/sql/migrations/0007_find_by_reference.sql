-- The reference leads: with the provider in front, a plan made while the table was small read every payment of a provider
-- for each reference. Most payments never have a checkout, and none has a reference at first: such rows need no entry.
alter table payments drop constraint payments_provider_provider_ref_key, drop constraint payments_provider_checkout_ref_key;
create unique index payments_provider_ref on payments (provider_ref, provider) where provider_ref is not null;
create unique index payments_checkout_ref on payments (checkout_ref, provider) where checkout_ref is not null;
