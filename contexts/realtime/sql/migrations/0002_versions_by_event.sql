-- Performances of cancelled events, known here or not yet: the news of both may come in either order.
create table cancelled_performances (
  performance_id text primary key
);
insert into cancelled_performances (performance_id) select performance_id from performances where status = 'cancelled';
