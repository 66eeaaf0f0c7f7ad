create or replace temp table assigned as
select people.*, found_people.customer
from people join found_people on found_people.row = people.row
