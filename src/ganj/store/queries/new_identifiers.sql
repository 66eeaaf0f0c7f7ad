insert into identifiers
select marks.kind, marks.value, found_marks.customer, marks.first, marks.last
from marks join found_marks on found_marks.mark = marks.mark
where marks.customer is null and found_marks.customer >= 0
order by marks.mark
