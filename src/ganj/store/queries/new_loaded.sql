insert into loaded values ($batch, $counts)
