delete from names
where kind in (select 'property:' || name from properties where not promoted)
