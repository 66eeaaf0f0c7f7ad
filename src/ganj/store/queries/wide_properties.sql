-- A property with too many values is no breakdown; it stays in the events' JSON only.
update properties
set promoted = false
where
    promoted
    and name in (
        select key
        from (
            select key, value from said
            union
            select kind[10:], name from names where starts_with(kind, 'property:')
        )
        group by key
        having count(*) > $most
    )
