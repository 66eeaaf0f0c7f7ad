-- An alias is kept as a customer's and as a visitor's id; the one that was known first is shown.
select kind, value, first, last
from (
    select kind, value, min(first) as first, max(last) as last, min(added) as added
    from identifiers
    where customer in (select unnest($members))
    group by kind, value
)
qualify row_number() over (
    partition by value, case when kind in ('customer_id', 'anonymous_id') then '' else kind end
    order by added, kind desc
) = 1
order by
    coalesce(
        list_position(['customer_id', 'email', 'phone', 'national_code', 'account'], kind),
        case kind when 'anonymous_id' then 8 when 'device' then 9 else 7 end
    ),
    kind, value
