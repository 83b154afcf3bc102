-- Money that came and is not settled yet: few at any moment, looked at continuously (I5-settled).
create index payments_unsettled on payments (succeeded_at) where settlement = 'pending';
