-- @name raise_generation
insert into inbox_generations (consumer, generation) values (:consumer, 2)
on conflict (consumer) do update set generation = inbox_generations.generation + 1

-- @name empty_inbox
delete from inbox where consumer = :consumer
