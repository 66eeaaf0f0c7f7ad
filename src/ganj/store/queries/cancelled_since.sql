-- The rows of an import; a cancellation has an identity beside the order's, and takes back what an earlier import counted.
select
    * exclude (is_cancelled, is_counted) replace (
        case when is_cancelled then md5(content::varchar || '/cancelled')::uuid else content end as content,
        case when is_counted then -abs(price * coalesce(quantity, 1)) else amount end as amount,
        case when is_counted then -quantity else quantity end as quantity
    )
from (
    select
        staged.*, coalesce(event = $cancel and amount = 0, false) as is_cancelled,
        is_cancelled and price is not null and ledger.id is not null as is_counted
    from read_parquet($staged) staged
    left join ledger on ledger.id = staged.content
)
order by row
