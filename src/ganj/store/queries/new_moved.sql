-- Who stands for some origins, as was said last.
insert into moved select origin, arg_max(customer, turn) as now from told group by origin having now <> origin
