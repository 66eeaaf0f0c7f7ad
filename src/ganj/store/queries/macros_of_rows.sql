-- The rows of an import that were not loaded before, with the customer each belongs to (-1 nobody) and its identity.
create or replace temp macro incoming(staged) as table
select
    unseen.*, coalesce(assigned.customer, -1) as customer, coalesce(surplus.id, unseen.content) as id
from (
    select *, coalesce(customer_id, email, phone, national_code) is null as unnamed
    from read_parquet(staged) anti join left_out using (row, content)
) unseen
left join surplus on surplus.row = unseen.row and surplus.content = unseen.content
left join assigned on
    assigned.customer_id is not distinct from unseen.customer_id
    and assigned.email is not distinct from unseen.email
    and assigned.phone is not distinct from unseen.phone
    and assigned.national_code is not distinct from unseen.national_code
    and assigned.account is not distinct from case when unnamed then unseen.account end;

