select kind, value, min(first), max(last)
from identifiers
where customer in (select unnest($members))
group by kind, value
order by
    coalesce(
        list_position(['customer_id', 'email', 'phone', 'national_code', 'account'], kind),
        case kind when 'anonymous_id' then 8 when 'device' then 9 else 7 end
    ),
    kind, value
