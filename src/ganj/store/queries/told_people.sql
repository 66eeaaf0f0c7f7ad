-- Every combination of identifiers as identity reads it, in order of first appearance.
select
    row,
    list_filter(
        [
            {kind: 'customer_id', value: customer_id}, {kind: 'email', value: email},
            {kind: 'phone', value: phone}, {kind: 'national_code', value: national_code},
            {kind: 'account', value: account}
        ],
        lambda link: link.value is not null
    ) as links,
    coalesce(first, $now) as time, coalesce(last, $now) as last, false as alias, $evidence || row as evidence
from people
order by row
