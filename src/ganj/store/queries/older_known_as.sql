delete from known_as where customer in (select customer from found_names)
