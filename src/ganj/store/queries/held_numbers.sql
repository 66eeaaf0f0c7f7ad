-- Who stands for somebody's numbers, and where their events lie.
select 'moved' as told, origin, customer from moved where list_contains($origins::integer[], origin)
union all
select 'placed', origin, customer from placed where list_contains($origins::integer[], origin)
union all
select 'displaced', origin, customer from displaced where list_contains($origins::integer[], origin)
order by all
