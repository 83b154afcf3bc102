-- @name balances
select journals.currency, entries.account,
  sum(entries.amount) filter (where entries.amount > 0) as debit,
  -sum(entries.amount) filter (where entries.amount < 0) as credit
from ledger_entries entries
join ledger_journals journals on journals.id = entries.journal_id
group by journals.currency, entries.account
order by journals.currency, entries.account
