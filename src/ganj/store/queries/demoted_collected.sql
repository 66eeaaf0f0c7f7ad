-- Properties of collected events that have shown too many values.
update properties set promoted = false where number in (select number from told);
delete from names where kind in (select kind from told);
