-- The numbers of each combination's identifiers, strongest first; -1 where there is none.
select
    people.row,
    coalesce(a.mark, -1)::integer as customer_id, coalesce(b.mark, -1)::integer as email,
    coalesce(c.mark, -1)::integer as phone, coalesce(d.mark, -1)::integer as national_code,
    coalesce(e.mark, -1)::integer as account
from people
left join marks a on a.kind = 'customer_id' and a.value = people.customer_id
left join marks b on b.kind = 'email' and b.value = people.email
left join marks c on c.kind = 'phone' and c.value = people.phone
left join marks d on d.kind = 'national_code' and d.value = people.national_code
left join marks e on e.kind = 'account' and e.value = people.account
order by people.row
