insert into known_as select customer, words from found_names
