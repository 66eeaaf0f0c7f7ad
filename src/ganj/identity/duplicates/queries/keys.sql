-- What each person is looked up by: one row a key.  Each key is tolerant in a way of its own, and has the
-- number of its rule before it; a key with a missing part is null and is none.
create or replace temp table keys as
with told as (
    select
        id,
        unnest(
            list_concat(
                list_transform(phones, lambda number: '1 ' || number),
                list_transform(phones, lambda number: '2 ' || right(number, 7)),
                [
                    '3 ' || email,
                    '4 ' || case when length(mailbox) > 4 then mailbox end,
                    '5 ' || national_code,
                    '6 ' || document,
                    '7 ' || case
                        when given_sound < family_sound then given_sound || ' ' || family_sound
                        else family_sound || ' ' || given_sound
                    end,
                    '8 ' || whole,
                    -- typed on the other keyboard: what was meant meets what others wrote
                    '9 ' || coalesce(given_slip, given) || ' ' || coalesce(family_slip, family),
                    '10 ' || birthday,
                    '11 ' || birthday[:4] || ' ' || family_sound,
                    '12 ' || birthday[:4] || ' ' || given_sound,
                    '13 ' || birthday[5:] || ' ' || given_sound,
                    '14 ' || birthday[5:] || ' ' || family_sound,
                    '15 ' || array_to_string(list_sort(split(birthday, '')), '') || ' ' || family_sound,
                    '16 ' || array_to_string(list_sort(split(birthday, '')), '') || ' ' || given_sound,
                    '17 ' || postcode || ' ' || family[:3],
                    '18 ' || postcode || ' ' || given[:3],
                    '19 ' || postcode || ' ' || house,
                    '20 ' || street || ' ' || house,
                    '21 ' || area || ' ' || house,
                    '22 ' || street,
                    '23 ' || area,
                    '24 ' || city || ' ' || given_sound,
                    '25 ' || city || ' ' || family_sound,
                    '26 ' || city || ' ' || given[:2] || ' ' || family[:2],
                    '27 ' || birthday || ' ' || given[:1],
                    '28 ' || birthday || ' ' || family[:1]
                ]
            )
        ) as key
    from people
)
select id, hash(key) as key from told where key is not null
