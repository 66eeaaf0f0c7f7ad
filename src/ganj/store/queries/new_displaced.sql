-- Where events of some origins lie and do not belong, as was said last; -1 is nowhere.
insert into displaced
select origin, customer from told
semi join (select origin, max(turn) as turn from told group by origin) last using (origin, turn)
where customer >= 0
